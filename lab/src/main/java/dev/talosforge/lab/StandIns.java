package dev.talosforge.lab;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** The images that stand in for those of Sidero Labs, under their real names, made from Debian packages. */
public final class StandIns {
    /** Of every file and image: 5 November 2025, in seconds since the epoch. */
    public static final long MODIFIED = StandInImage.MODIFIED;

    private static final String HOME = "ghcr.io/siderolabs/";
    private static final String INSTALL = "usr/install/amd64/";

    /** As in the real installer-base: its installer finds mkfs and grub-install there, and nowhere without it. */
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final String GRUB = "usr/lib/grub/i386-pc";

    private final DebPackages packages;
    private final Path folder;

    /**
     * Images made from packages.
     *
     * @param packages the result of {@link #requests}
     * @param folder gets unpacked contents; the images are usable as long as it exists
     */
    public StandIns(DebPackages packages, Path folder) {
        this.packages = packages;
        this.folder = folder;
    }

    /** What the images are made from. */
    public static List<PackageRequest> requests() {
        // Talos 1.11 has Linux 6.12, as Debian's newer release; 6.1 has an older zstd that fails on valid blocks.
        return List.of(
                PackageRequest.newerThrough("kernel", "linux-image-cloud-amd64", "linux-image-*"),
                PackageRequest.only("busybox", "busybox-static"),
                PackageRequest.only("grub", "grub-pc-bin"),
                PackageRequest.newer("boot", "systemd-boot-efi"),
                // The older release's setpriv does not support rules for system calls.
                PackageRequest.newer("confine", "util-linux", "libcap-ng0", "libc6"),
                PackageRequest.closure("qemu-guest-agent", "qemu-guest-agent"),
                PackageRequest.closure("crun", "crun"),
                PackageRequest.closure("ctr", "containerd"));
    }

    /** The images that every build starts from: imager and installer-base. */
    public List<StandInImage> bases(String talosVersion) throws IOException {
        return bases(talosVersion, 0);
    }

    /**
     * The same with a larger initramfs.
     *
     * @param fillerBytes of incompressible data added to it
     */
    public List<StandInImage> bases(String talosVersion, long fillerBytes) throws IOException {
        FileTree grub = grub();
        FileTree boot = unpacked("boot");
        StandInBase base = StandInBase.make(
                talosVersion,
                unpacked("kernel"),
                unpacked("busybox"),
                unpacked("confine"),
                folder.resolve("base"),
                MODIFIED,
                fillerBytes);
        TreeBuilder imager = new TreeBuilder(MODIFIED)
                .file(INSTALL + "vmlinuz", 0644, base.kernel())
                .file(INSTALL + "initramfs.xz", 0644, base.initramfs())
                .file(INSTALL + "systemd-stub.efi", 0644, boot(boot, "linuxx64.efi.stub"))
                .file(INSTALL + "systemd-boot.efi", 0644, boot(boot, "systemd-bootx64.efi"));
        grub.entries().forEach(imager::add);
        TreeBuilder installer = new TreeBuilder(MODIFIED).file("usr/bin/installer", 0755, """
                #!/bin/sh
                echo "Talos Forge lab: stands for Talos' installer and installs nothing" >&2
                exit 1
                """);
        grub.entries().forEach(installer::add);
        return List.of(
                new StandInImage(
                        HOME + "imager:" + talosVersion,
                        imager.build(),
                        List.of("/usr/bin/imager"),
                        List.of(),
                        MODIFIED),
                new StandInImage(
                        HOME + "installer-base:" + talosVersion,
                        installer.build(),
                        List.of("/usr/bin/installer"),
                        List.of(PATH),
                        MODIFIED));
    }

    /** The same with Talos itself. */
    List<StandInImage> bases(String talosVersion, RealTalos real) throws IOException {
        ByteSource busybox = StandInBase.file(unpacked("busybox"), "usr/bin/busybox");
        FileTree kernel = real.kernel(unpacked("kernel"));
        ByteSource initramfs = real.initramfs(kernel, busybox, folder.resolve("real"));
        FileTree installer = real.installer();
        List<StandInImage> images = new ArrayList<>();
        for (StandInImage image : bases(talosVersion)) {
            images.add(
                    image.repository().equals(HOME + "imager")
                            ? image.withFile(INSTALL + "initramfs.xz", initramfs)
                                    .withFile(INSTALL + "vmlinuz", StandInBase.kernel(kernel))
                            : image.withContent(installer));
        }
        return images;
    }

    /** The official extensions of the example tree. */
    public List<StandInImage> extensions() throws IOException {
        StandInExtension microcode = new StandInExtension("intel-ucode", "20250812");
        StandInExtension agent = new StandInExtension("qemu-guest-agent", "10.0.2");
        StandInExtension crun = new StandInExtension("crun", "1.24");
        StandInExtension ctr = new StandInExtension("ctr", "v2.1.5");
        String port = "/dev/virtio-ports/org.qemu.guest_agent.0";
        List<String> command = List.of(
                "/usr/sbin/qemu-ga",
                "--method",
                "virtio-serial",
                "--path",
                port,
                "--statedir",
                "/run",
                "--pidfile",
                "/run/qemu-ga.pid",
                "--retry-path");
        return List.of(
                image(microcode, microcode.microcode("intel-ucode/06-00-00", MODIFIED)),
                image(agent, agent.service(container("qemu-guest-agent"), command, MODIFIED)),
                image(
                        crun,
                        crun.withContainerdPart(
                                crun.program(container("crun"), "usr/bin/crun", MODIFIED), "/usr/local/bin/crun")),
                image(ctr, ctr.program(container("ctr"), "usr/bin/ctr", MODIFIED)));
    }

    /**
     * The list of official extensions for a Talos version.
     *
     * @param published digests of extension images by their references
     */
    public static StandInImage catalog(String talosVersion, SequencedMap<String, Sha256> published) throws IOException {
        StringBuilder digests = new StringBuilder();
        StringBuilder descriptions = new StringBuilder();
        published.forEach((reference, digest) -> {
            String line = reference + "@" + digest;
            digests.append(line).append('\n');
            descriptions
                    .append(line)
                    .append(":\n  author: Talos Forge lab\n")
                    .append("  description: |\n    Stands for the official extension of this name.\n");
        });
        return image(
                "extensions:" + talosVersion,
                new TreeBuilder(MODIFIED)
                        .file("image-digests", 0644, digests.toString())
                        .file("descriptions.yaml", 0644, descriptions.toString())
                        .build());
    }

    private FileTree grub() throws IOException {
        TreeBuilder grub = new TreeBuilder(MODIFIED);
        unpacked("grub").below(GRUB).forEach(grub::add);
        return grub.build();
    }

    private static ByteSource boot(FileTree boot, String name) throws IOException {
        return StandInBase.file(boot, "usr/lib/systemd/boot/efi/" + name);
    }

    private FileTree container(String request) throws IOException {
        return DebianRoot.pruned(unpacked(request));
    }

    private FileTree unpacked(String request) throws IOException {
        Path spool = folder.resolve("unpacked").resolve(request);
        Files.createDirectories(spool);
        List<ByteSource> files = new ArrayList<>();
        for (DebFile file : packages.of(request)) {
            files.add(ByteSource.of(file.file()));
        }
        return DebianRoot.unpacked(files, spool);
    }

    private static StandInImage image(StandInExtension extension, FileTree content) {
        return image(extension.name() + ":" + extension.version(), content);
    }

    private static StandInImage image(String reference, FileTree content) {
        return new StandInImage(HOME + reference, content, List.of(), List.of(), MODIFIED);
    }
}
