package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.inspect.Proofs.Finding;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.RecordedImages;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.kernel.HandedOver;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves the properties of installer and ISO. All proofs are tried, even if others fail. */
public final class Verification {
    private final Proofs proofs = new Proofs();
    private final Inspector inspector;

    private Verification(Inspector inspector) {
        this.inspector = inspector;
    }

    /**
     * Proves that two artifacts belong together.
     *
     * @param installer a subject that {@link Inspector#inspect} accepts
     * @param iso likewise
     */
    public static List<Proof> ofPair(Inspector inspector, String installer, String iso)
            throws IOException, InterruptedException {
        Verification verification = new Verification(inspector);
        Artifact image = verification.opened("installer", installer);
        Artifact medium = verification.opened("ISO", iso);
        if (image != null && medium != null) {
            new Pairing(verification.proofs, image, medium).prove();
        }
        return verification.proofs.all();
    }

    /**
     * Proves that what an apply built is what is published and on disk, and that it was built from the pinned images.
     */
    public static List<Proof> ofBuild(Inspector inspector, RecordedImages built, Origins origins)
            throws IOException, InterruptedException {
        return new Verification(inspector).build(built, origins);
    }

    private List<Proof> build(RecordedImages built, Origins origins) throws IOException, InterruptedException {
        proofs.prove(
                "the record of the last apply belongs to its outputs",
                () -> built.whole()
                        ? Finding.ok("%d parts".formatted(built.recordedParts()))
                        : Finding.failed("outputs were recorded by another run, or nothing is recorded beside them"));
        ImagePlace place = built.installer().of(inspector.architecture());
        proofs.prove(
                place instanceof ImagePlace.OnDisk
                        ? "the installer that was built is where it was written"
                        : "the registry serves the installer that was built",
                () -> served(built, place, origins));
        proofs.prove("the ISO on disk is the one that was built", () -> disk(built));
        ImagePlace exact = place.equals(built.installer()) ? place.pinned(built.installerDigest()) : place;
        Artifact installer = opened("installer", exact.toString(), () -> inspector.artifact(exact));
        Artifact iso = opened("ISO", built.iso().toString());
        Digests digests = new Digests();
        if (installer != null && iso != null) {
            Pairing pairing = new Pairing(proofs, installer, iso);
            pairing.prove();
            digests = pairing.digests();
        }
        recorded("installer", built, installer);
        recorded("ISO", built, iso);
        if (installer != null) {
            new Pinning(proofs, built, installer, origins, digests).prove();
        }
        return proofs.all();
    }

    private @Nullable Artifact opened(String what, String subject) throws InterruptedException {
        return opened(what, subject, () -> inspector.artifact(subject));
    }

    /** Opens an artifact. */
    private interface Opener {
        Artifact open() throws IOException, InterruptedException;
    }

    /** Null if it cannot be opened, which is a failed proof. */
    private @Nullable Artifact opened(String what, String subject, Opener opener) throws InterruptedException {
        Artifact[] opened = new Artifact[1];
        proofs.prove("the %s can be read".formatted(what), () -> {
            Artifact artifact = opener.open();
            boolean right = artifact.kind() == (what.equals("ISO") ? Kind.ISO : Kind.INSTALLER);
            if (!right) {
                return Finding.failed("%s is not an %s but: %s"
                        .formatted(subject, what, artifact.kind().words()));
            }
            opened[0] = artifact;
            return Finding.ok(subject);
        });
        return opened[0];
    }

    /** @param place of the installer for one architecture */
    private static Finding served(RecordedImages built, ImagePlace place, Origins origins)
            throws IOException, InterruptedException {
        if (!built.pushed()) {
            return Finding.skipped("%s was not pushed".formatted(built.installer()));
        }
        if (place instanceof ImagePlace.InDockerArchive) {
            return Finding.skipped("a Docker archive does not record its digest");
        }
        if (!place.equals(built.installer())) {
            return Finding.skipped("each architecture has its own file, without the digest of both");
        }
        Sha256 served = origins.served(built.installer());
        return served == null
                ? Finding.failed("it has no %s".formatted(built.installer()))
                : Finding.same(
                        built.installer() + " is " + built.installerDigest(),
                        built.installer() + " is " + served,
                        "built: %s; served: %s");
    }

    private static Finding disk(RecordedImages built) throws IOException {
        if (!Files.isRegularFile(built.iso())) {
            return Finding.failed("there is no %s".formatted(built.iso()));
        }
        Sha256 found = Sha256.of(ByteSource.of(built.iso()));
        return found.equals(built.isoDigest())
                ? Finding.ok("%s, %s".formatted(built.iso(), found))
                : Finding.failed("%s has %s, the one built has %s".formatted(built.iso(), found, built.isoDigest()));
    }

    private void recorded(String what, RecordedImages built, @Nullable Artifact artifact) throws InterruptedException {
        Uki uki = artifact == null ? null : artifact.uki();
        if (artifact == null || uki == null) {
            return;
        }
        proofs.prove("the %s has the recorded Talos version".formatted(what), () -> {
            String version = Pairing.talosVersion(artifact);
            return version == null
                    ? Finding.failed("it does not name its version")
                    : Finding.same(built.talosVersion(), version, "recorded: %s; found: %s");
        });
        String line = commandLine(built, what.equals("ISO") ? OutputKind.ISO : OutputKind.INSTALLER);
        if (line != null) {
            proofs.prove("the %s has the recorded kernel command line".formatted(what), () -> {
                String found = uki.commandLine();
                return Finding.same(line, String.valueOf(found), "recorded: \"%s\"; found: \"%s\"");
            });
            IsoContents contents = artifact.iso();
            if (contents != null && !contents.grub().isEmpty()) {
                proofs.prove("a BIOS starts the ISO with the recorded kernel command line", () -> {
                    String found =
                            HandedOver.withoutImage(contents.grub().getFirst().commandLine());
                    return Finding.same(line, found, "recorded: \"%s\"; found: \"%s\"");
                });
            }
        }
    }

    /** The recorded line of the inspected architecture; null if none is recorded. */
    private @Nullable String commandLine(RecordedImages built, OutputKind of) {
        for (Part part : built.parts()) {
            if (part instanceof Part.CommandLine line && line.of() == of && isInspected(line.on())) {
                return line.line();
            }
        }
        return null;
    }

    /** @param on null for the only architecture */
    private boolean isInspected(@Nullable Architecture on) {
        return on == null || on.label().equals(inspector.architecture());
    }
}
