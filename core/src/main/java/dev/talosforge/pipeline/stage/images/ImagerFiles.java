package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Talos' imager image holds for one architecture; GRUB if there is an ISO for a BIOS. */
record ImagerFiles(
        ByteSource kernel,
        ByteSource initramfs,
        ByteSource stub,
        ByteSource bootLoader,
        @Nullable FileTree grub) {
    private static final String GRUB_FOLDER = "usr/lib/grub/i386-pc";

    /** What is read of an imager for the architectures of a unit: it has the files of all. */
    static List<String> folders(ImagesInputs inputs) {
        List<String> folders = new ArrayList<>();
        boolean grub = false;
        for (Architecture architecture : inputs.architectures()) {
            folders.add(installFolder(architecture));
            grub |= BootIso.isHybrid(inputs.version(), architecture);
        }
        if (grub) {
            folders.add(GRUB_FOLDER);
        }
        return folders;
    }

    private static String installFolder(Architecture architecture) {
        return "usr/install/" + architecture.label();
    }

    /**
     * The files of one architecture; fails with everything that is missing.
     *
     * @param found for messages
     * @param tree files of the image
     */
    static ImagerFiles of(ImagesInputs inputs, Architecture architecture, ResolvedImage found, FileTree tree)
            throws IOException {
        String install = installFolder(architecture);
        List<String> missing = new ArrayList<>();
        ByteSource kernel = file(tree, install + "/vmlinuz", missing);
        ByteSource initramfs = file(tree, install + "/initramfs.xz", missing);
        ByteSource stub = file(tree, install + "/systemd-stub.efi", missing);
        ByteSource loader = file(tree, install + "/systemd-boot.efi", missing);
        boolean hybrid = BootIso.isHybrid(inputs.version(), architecture);
        if (hybrid && tree.get(GRUB_FOLDER) == null) {
            missing.add(GRUB_FOLDER);
        }
        if (!missing.isEmpty()) {
            throw new BuildException(Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot use the imager " + found.place())
                    .because("it has no /" + String.join(", no /", missing))
                    .trying("use an imager of Talos %s, or omit imager_image"
                            .formatted(inputs.version().text())));
        }
        return new ImagerFiles(kernel, initramfs, stub, loader, hybrid ? tree.subtree(GRUB_FOLDER) : null);
    }

    private static ByteSource file(FileTree tree, String path, List<String> missing) {
        if (tree.get(path) instanceof Entry.RegularFile file) {
            return file.content();
        }
        missing.add(path);
        return ByteSource.empty();
    }

    /** The problem that something cannot be built from them. */
    static BuildException unusable(String what, FormatException e) {
        return new BuildException(
                Problem.failed(Problem.Kind.BAD_ARTIFACT, what).because(String.valueOf(e.getMessage())), e);
    }
}
