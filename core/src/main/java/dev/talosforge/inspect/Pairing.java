package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.inspect.Proofs.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** Proves that an installer and an ISO belong together: by content, not by name. */
final class Pairing {
    private final Proofs proofs;
    private final Artifact installer;
    private final Artifact iso;
    private final Digests digests = new Digests();

    Pairing(Proofs proofs, Artifact installer, Artifact iso) {
        this.proofs = proofs;
        this.installer = installer;
        this.iso = iso;
    }

    Digests digests() {
        return digests;
    }

    void prove() throws IOException, InterruptedException {
        digests.together(contents());
        proofs.prove("the extensions of installer and ISO can be read", this::readable);
        extensions();
        same("kernel", installer.kernel(), iso.kernel());
        same("initramfs", bytes(installer), bytes(iso));
        same("boot loader", installer.bootLoader(), iso.bootLoader());
        proofs.prove("installer and ISO have the same Talos version", () -> {
            String version = talosVersion(installer);
            String other = talosVersion(iso);
            return version == null || other == null
                    ? Finding.failed(
                            "%s does not name its version".formatted(version == null ? "the installer" : "the ISO"))
                    : Finding.same(version, other, "the installer has %s, the ISO %s");
        });
        bios("kernel", IsoContents.KERNEL, iso.kernel());
        bios("initramfs", IsoContents.INITRAMFS, bytes(iso));
        Lines.firmwares(proofs, iso);
        proofs.prove(
                "kernel command lines before and after the installation",
                () -> Lines.installation(iso.uki(), installer.uki()));
    }

    private List<ByteSource> contents() {
        List<ByteSource> contents = new ArrayList<>();
        for (Artifact artifact : List.of(installer, iso)) {
            add(contents, artifact.file());
            add(contents, artifact.kernel());
            add(contents, bytes(artifact));
        }
        return contents;
    }

    private static void add(List<ByteSource> contents, @Nullable ByteSource content) {
        if (content != null) {
            contents.add(content);
        }
    }

    private static @Nullable ByteSource bytes(Artifact artifact) {
        return artifact.initramfs() == null ? null : artifact.initramfs().bytes();
    }

    static @Nullable String talosVersion(Artifact artifact) throws IOException {
        String osRelease = artifact.uki() == null ? null : artifact.uki().text(".osrel");
        return osRelease == null ? null : OsRelease.talosVersion(osRelease);
    }

    private Finding readable() throws IOException {
        List<String> counts = new ArrayList<>();
        for (Artifact artifact : List.of(installer, iso)) {
            InitramfsImage initramfs = artifact.initramfs();
            if (initramfs == null) {
                return Finding.failed("%s has no initramfs".formatted(artifact.name()));
            }
            if (initramfs.note() != null) {
                return Finding.failed("%s: %s".formatted(artifact.name(), initramfs.note()));
            }
            counts.add(Integer.toString(initramfs.extensions().size()));
        }
        return Finding.same(counts.get(0), counts.get(1), "the installer has %s, the ISO %s");
    }

    private static SequencedMap<String, CarriedExtension> carried(Artifact artifact) throws IOException {
        SequencedMap<String, CarriedExtension> carried = new LinkedHashMap<>();
        if (artifact.initramfs() != null) {
            for (CarriedExtension extension : artifact.initramfs().extensions()) {
                String name = extension.manifest().name();
                for (int i = 2; carried.containsKey(name); i++) {
                    name = "%s (%d)".formatted(extension.manifest().name(), i);
                }
                carried.put(name, extension);
            }
        }
        return carried;
    }

    private void extensions() throws IOException, InterruptedException {
        SequencedMap<String, CarriedExtension> first;
        SequencedMap<String, CarriedExtension> second;
        try {
            first = carried(installer);
            second = carried(iso);
        } catch (IOException e) {
            return; // reported by the previous proof
        }
        SequencedSet<String> names = new LinkedHashSet<>(first.keySet());
        names.addAll(second.keySet());
        for (String name : names) {
            proofs.prove(
                    "extension %s is the same in installer and ISO".formatted(name),
                    () -> extension(first.get(name), second.get(name)));
        }
        proofs.prove(
                "installer and ISO mount their extensions in the same order",
                () -> first.isEmpty() && second.isEmpty()
                        ? Finding.ok("neither has extensions")
                        : Finding.same(
                                String.join(", ", first.keySet()),
                                String.join(", ", second.keySet()),
                                "the installer has %s, the ISO %s"));
    }

    private Finding extension(@Nullable CarriedExtension first, @Nullable CarriedExtension second) throws IOException {
        if (first == null || second == null) {
            return Finding.failed("it is only in the %s".formatted(first == null ? "ISO" : "installer"));
        }
        Sha256 content = digests.of(first.image());
        Sha256 other = digests.of(second.image());
        if (!content.equals(other)) {
            return Finding.failed("the installer has %s, the ISO %s".formatted(content, other));
        }
        return first.manifest().equals(second.manifest())
                ? Finding.ok("%s, %s".formatted(first.manifest().version(), content))
                : Finding.failed("the content is the same, but the lists of extensions differ: %s and %s"
                        .formatted(first.manifest(), second.manifest()));
    }

    private void same(String what, @Nullable ByteSource first, @Nullable ByteSource second)
            throws InterruptedException {
        proofs.prove("installer and ISO have the same " + what, () -> {
            if (first == null || second == null) {
                return Finding.failed("%s has no %s".formatted(first == null ? "the installer" : "the ISO", what));
            }
            return Finding.same(digests.of(first), digests.of(second), "the installer has %s, the ISO %s");
        });
    }

    private void bios(String what, String path, @Nullable ByteSource uefi) throws InterruptedException {
        proofs.prove("a BIOS starts the same %s from the ISO as UEFI".formatted(what), () -> {
            IsoContents contents = iso.iso();
            ByteSource file =
                    contents == null ? null : IsoContents.file(contents.volume().tree(), path);
            if (file == null || uefi == null || iso.uki() == null) {
                return Finding.skipped("the ISO boots in only one of the two ways");
            }
            return Finding.same(digests.of(uefi), digests.of(file), "UEFI starts %s, a BIOS %s");
        });
    }
}
