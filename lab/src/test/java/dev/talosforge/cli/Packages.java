package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.support.KeptPackages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Files of Debian packages that the real imager is given beside those of the lab. */
final class Packages {
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";

    private Packages() {}

    private static void unpack(String architecture, PackageRequest request, Path root) throws Exception {
        Files.createDirectories(root);
        for (DebFile file : KeptPackages.fetch(architecture, List.of(request)).of(request.name())) {
            Process process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "dpkg-deb --fsys-tarfile \"$1\" | tar -x -C \"$2\" --exclude='*/lib/modules/*'",
                            "sh",
                            file.file().toString(),
                            root.toString())
                    .inheritIO()
                    .start();
            assertEquals(0, process.waitFor(), file::name);
        }
    }

    /**
     * A folder for the path with the mksquashfs of Debian's newer release, which takes labels as options: imager of
     * Talos 1.12 and later hands it some. It brings its own C library, for this machine's is older.
     */
    static Path newerSquashfsTools(Path folder) throws Exception {
        Path root = folder.resolve("root");
        unpack(
                "amd64",
                PackageRequest.newer(
                        "squashfs-tools",
                        "squashfs-tools",
                        "libc6",
                        "liblz4-1",
                        "liblzma5",
                        "liblzo2-2",
                        "libzstd1",
                        "zlib1g"),
                root);
        Path libraries = root.resolve(LIBRARIES);
        Path programs = Files.createDirectories(folder.resolve("bin"));
        Path program = programs.resolve("mksquashfs");
        Files.writeString(program, """
                #!/bin/sh
                exec %s/ld-linux-x86-64.so.2 --library-path %s %s "$@"
                """.formatted(libraries, libraries, root.resolve("usr/bin/mksquashfs")));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return programs;
    }

    /** Kernel, stub and boot loader for arm64, named as in a folder of imager's image. */
    static void forArm64(Path root, Path inputs) throws Exception {
        unpack("arm64", PackageRequest.newer("boot", "systemd-boot-efi"), root);
        unpack("arm64", PackageRequest.newerThrough("kernel", "linux-image-cloud-arm64", "linux-image-*"), root);
        Path efi = root.resolve("usr/lib/systemd/boot/efi");
        copy(efi.resolve("linuxaa64.efi.stub"), inputs.resolve("systemd-stub.efi"));
        copy(efi.resolve("systemd-bootaa64.efi"), inputs.resolve("systemd-boot.efi"));
        try (Stream<Path> kernels = Files.list(root.resolve("boot"))) {
            copy(
                    kernels.filter(f -> String.valueOf(f.getFileName()).startsWith("vmlinuz-"))
                            .findFirst()
                            .orElseThrow(),
                    inputs.resolve("vmlinuz"));
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
