package dev.talosforge.lab;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.List;

/**
 * A system extension that stands in for an official one: same name, same location of its files, programs from Debian.
 *
 * @param name as in the manifest and the repository
 * @param version as in the manifest and the tag
 */
record StandInExtension(String name, String version) {
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";
    private static final String LOADER = "ld-linux-x86-64.so.2";

    /** An extension whose service is one program of a container. */
    FileTree service(FileTree containerRoot, List<String> command, long modified) throws IOException {
        TreeBuilder extension = manifest(modified);
        String root = "rootfs/usr/local/lib/containers/" + name;
        extension.directory(root, 0755);
        for (Entry entry : containerRoot.entries()) {
            extension.add(at(root, entry));
        }
        StringBuilder service = new StringBuilder("name: " + name + "\ndepends:\n  - service: cri\ncontainer:\n");
        service.append("  entrypoint: ").append(command.getFirst()).append("\n  args:\n");
        command.stream()
                .skip(1)
                .forEach(word -> service.append("    - ").append(word).append('\n'));
        service.append("  mounts:\n    - source: /dev\n      destination: /dev\n      type: bind\n");
        service.append("      options:\n        - rbind\n        - rw\nrestart: always\n");
        return extension
                .file("rootfs/usr/local/etc/containers/" + name + ".yaml", 0644, service.toString())
                .build();
    }

    /**
     * An extension that provides one program for the whole machine. It keeps its libraries beside it, because Talos has
     * another C library and no folder for them.
     */
    FileTree program(FileTree root, String program, long modified) throws IOException {
        TreeBuilder extension = manifest(modified);
        String home = "rootfs/usr/local/lib/" + name;
        for (Entry entry : root.children(LIBRARIES)) {
            boolean library = FileTree.nameOf(entry.path()).contains(".so");
            boolean stays = entry instanceof Entry.RegularFile
                    || (entry instanceof Entry.Symlink link && !link.target().contains("/"));
            if (library && stays) {
                extension.add(entry.withPath(home + "/" + FileTree.nameOf(entry.path())));
            }
        }
        extension.file(home + "/" + name, 0755, StandInBase.file(root, program));
        String there = home.substring("rootfs".length());
        return extension
                .file("rootfs/usr/local/bin/" + name, 0755, """
                        #!/bin/sh
                        exec %1$s/%2$s --library-path %1$s %1$s/%3$s "$@"
                        """.formatted(there, LOADER, name))
                .build();
    }

    /**
     * The same with the part of containerd's configuration that makes the program a runtime, as in the official
     * extensions of such programs.
     *
     * @param program on the machine
     */
    FileTree withContainerdPart(FileTree extension, String program) throws IOException {
        long modified = extension.entries().getFirst().attributes().modified();
        TreeBuilder parts = new TreeBuilder(modified);
        extension.entries().forEach(parts::add);
        return parts.file("rootfs/etc/cri/conf.d/10-" + name + ".part", 0644, """
                        [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.%1$s]
                          runtime_type = "io.containerd.runc.v2"
                          [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.%1$s.options]
                            BinaryName = "%2$s"
                        """.formatted(name, program))
                .build();
    }

    /** An extension with CPU microcode, which the build moves to the front of the initramfs. */
    FileTree microcode(String file, long modified) throws IOException {
        return manifest(modified)
                .file(
                        "rootfs/usr/lib/firmware/" + file,
                        0644,
                        ByteSource.of("Talos Forge lab: stands for CPU microcode. No CPU takes it.\n"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .build();
    }

    private TreeBuilder manifest(long modified) {
        return new TreeBuilder(modified).file("manifest.yaml", 0644, """
                version: v1alpha1
                metadata:
                  name: %s
                  version: "%s"
                  author: Talos Forge lab
                  description: |
                    Stands for the official extension of this name. Made from Debian packages, for trying things out.
                  compatibility:
                    talos:
                      version: ">= v1.0.0"
                """.formatted(name, version));
    }

    private static Entry at(String root, Entry entry) {
        Entry moved = entry.withPath(root + "/" + entry.path());
        return moved instanceof Entry.HardLink link
                ? new Entry.HardLink(link.path(), link.attributes(), root + "/" + link.target())
                : moved;
    }
}
