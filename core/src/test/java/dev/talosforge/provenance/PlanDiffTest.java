package dev.talosforge.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.json.Json;
import dev.talosforge.provenance.StagePlan.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why a plan differs from the last apply: the reason and the line of each kind of difference. */
class PlanDiffTest {
    private static final String ONE = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String TWO = "sha256:" + "fedcba9876543210".repeat(4);

    private final Json.Builder before = Json.object();
    private final Json.Builder after = Json.object();

    private PlanDiffTest was(String name, String value) {
        before.put(name, value);
        return this;
    }

    private PlanDiffTest is(String name, String value) {
        after.put(name, value);
        return this;
    }

    /** What was told as these texts once is told as the same now. */
    private List<Change> changes() {
        return PlanDiff.between(FirstFormat.parts(before.build()), FirstFormat.parts(after.build()));
    }

    private void differ(String expected) {
        StringBuilder text = new StringBuilder();
        for (Change change : changes()) {
            text.append("%s %s %s: %s\n".formatted(change.kind(), change.reason(), change.what(), change.text()));
        }
        assertEquals(expected, text.toString());
    }

    @Test
    void versionsAndBaseImages() {
        was("Talos version", "v1.11.5").is("Talos version", "v1.12.0");
        was("imager", "ghcr.io/siderolabs/imager:v1.11.5@" + ONE)
                .is("imager", "ghcr.io/siderolabs/imager:v1.12.0@" + TWO);
        was("base installer", "localhost:5000/base:v1@" + ONE).is("base installer", "localhost:5000/base:v1@" + TWO);
        was("stage code", "revision 1").is("stage code", "revision 2");
        differ("""
                CHANGED TALOS_VERSION Talos version: v1.11.5 -> v1.12.0
                CHANGED BASE_IMAGE imager: ghcr.io/siderolabs/imager:v1.11.5 -> ghcr.io/siderolabs/imager:v1.12.0, \
                sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED BASE_IMAGE base installer: tag v1 moved, sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED STAGE_REVISION stage code: revision 1 -> revision 2
                """);
    }

    @Test
    void extensions() {
        was("extension r.test/moved", "1.24@" + ONE).is("extension r.test/moved", "1.24@" + TWO);
        was("extension r.test/newer", "1.24@" + ONE).is("extension r.test/newer", "1.25@" + TWO);
        was("extension r.test/renamed", "1.24@" + ONE).is("extension r.test/renamed", "1.25@" + ONE);
        was("extension r.test/untagged", ONE).is("extension r.test/untagged", TWO);
        was("extension r.test/tagged", ONE).is("extension r.test/tagged", "1@" + ONE);
        was("extension r.test/same", "1@" + ONE).is("extension r.test/same", "1@" + ONE);
        was("extension r.test/gone", "1@" + ONE);
        is("extension r.test/new", "1@" + ONE);
        was("extension r.test/twice", "1@" + ONE + ", 2@" + TWO).is("extension r.test/twice", "2@" + TWO);
        differ("""
                CHANGED EXTENSION_DIGEST extension r.test/moved: tag 1.24 moved, sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED EXTENSION_VERSION extension r.test/newer: 1.24 -> 1.25, sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED EXTENSION_VERSION extension r.test/renamed: 1.24 -> 1.25, the same image
                CHANGED EXTENSION_DIGEST extension r.test/untagged: sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED EXTENSION_VERSION extension r.test/tagged: no tag -> 1, the same image
                ADDED EXTENSION_ADDED extension r.test/new: 1@sha256:0123456789ab…
                CHANGED EXTENSION_VERSION extension r.test/twice: 1@sha256:0123456789ab…, 2@sha256:fedcba987654… -> \
                2@sha256:fedcba987654…
                REMOVED EXTENSION_REMOVED extension r.test/gone: 1@sha256:0123456789ab…
                """);
    }

    @Test
    void customExtensions() {
        was("extension r.test/frr", "1@" + ONE).is("custom extension r.test/frr", "1@" + TWO);
        was("custom extension r.test/gone", "1@" + ONE);
        is("custom extension r.test/new", "1@" + ONE);
        was("custom extension r.test/official", "1@" + ONE).is("extension r.test/official", "1@" + ONE);
        differ("""
                CHANGED CUSTOM_IMAGE custom extension r.test/frr: tag 1 moved, sha256:0123456789ab… -> sha256:fedcba987654…
                ADDED CUSTOM_IMAGE custom extension r.test/new: 1@sha256:0123456789ab…
                REMOVED CUSTOM_IMAGE custom extension r.test/gone: 1@sha256:0123456789ab…
                """);
    }

    @Test
    void kernelArguments() {
        was("kernel argument quiet", "given").is("kernel argument nosmt", "given");
        was("kernel command line, ISO", "a=1 quiet b").is("kernel command line, ISO", "a=1 b nosmt");
        was("kernel command line, installer", "a b").is("kernel command line, installer", "b a");
        differ("""
                ADDED KERNEL_ARGUMENT kernel argument nosmt:\s
                CHANGED KERNEL_ARGUMENT kernel command line, ISO: +nosmt -quiet
                CHANGED KERNEL_ARGUMENT kernel command line, installer: the same arguments in another order
                REMOVED KERNEL_ARGUMENT kernel argument quiet:\s
                """);
    }

    @Test
    void packagesAndFiles() {
        was("Debian packages", "frr").is("Debian packages", "frr, busybox-static");
        was("package frr", "8.4.4-1").is("package frr", "8.4.5-1");
        was("package libgone", "1");
        is("package busybox-static", "1:1.35");
        was("dir rootfs", ONE).is("dir rootfs", TWO);
        was("rootfs file etc/a", ONE).is("source file rootfs/etc/a", ONE + ", runnable");
        is("source file rootfs/etc/b", TWO);
        was("file usr/x", ONE).is("file usr/x", TWO);
        differ("""
                CHANGED PACKAGE Debian packages: frr -> frr, busybox-static
                CHANGED PACKAGE package frr: 8.4.4-1 -> 8.4.5-1
                ADDED PACKAGE package busybox-static: 1:1.35
                CHANGED FILE source file rootfs/etc/a: sha256:0123456789ab… -> sha256:0123456789ab…, runnable
                ADDED FILE source file rootfs/etc/b: sha256:fedcba987654…
                CHANGED FILE file usr/x: sha256:0123456789ab… -> sha256:fedcba987654…
                REMOVED PACKAGE package libgone: 1
                """);
    }

    @Test
    void detailsThatAnEarlierVersionDidNotRecordAreNoChange() {
        was("rootfs", ONE).is("dir rootfs", TWO);
        is("source file rootfs/etc/a", ONE);
        is("package frr", "1");
        differ("""
                CHANGED FILE dir rootfs: sha256:0123456789ab… -> sha256:fedcba987654…
                """);
    }

    /** Of a folder with very many files only its digest is known, whatever is known of another one. */
    @Test
    void everyFolderIsComparedByItself() {
        was("dir many", ONE).is("dir many", TWO);
        was("dir few", ONE).is("dir few", TWO);
        was("source file few/a", ONE).is("source file few/a", TWO);
        was("build: dir src", ONE).is("build: dir src", TWO);
        was("source file build: src/a", ONE).is("source file build: src/a", TWO);
        is("dir new", ONE);
        is("source file new/a", ONE);
        differ("""
                CHANGED FILE dir many: sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED FILE source file few/a: sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED FILE source file build: src/a: sha256:0123456789ab… -> sha256:fedcba987654…
                ADDED FILE dir new: sha256:0123456789ab…
                """);
    }

    @Test
    void targetsContentAndSettings() {
        was("installer", "r.test/i:v1").is("installer", "r.test/i:v2");
        was("volume", "s:iso/a.iso").is("volume", "s:iso/b.iso");
        was("content", ONE).is("content", TWO);
        was("squashfs", "xz").is("squashfs", "zstd");
        was("extension", "frr v1").is("extension", "frr v2");
        differ("""
                CHANGED TARGET installer: r.test/i:v1 -> r.test/i:v2
                CHANGED TARGET volume: s:iso/a.iso -> s:iso/b.iso
                CHANGED CONTENT content: sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED SETTING squashfs: xz -> zstd
                CHANGED EXTENSION_VERSION extension: frr v1 -> frr v2
                """);
    }

    /** What its title has behind it does not change what a part is. */
    @Test
    void oneOfSeveralArchitectures() {
        was("ISO arm64", "/a.iso").is("ISO arm64", "/b.iso");
        was("kernel command line, ISO arm64", "a").is("kernel command line, ISO arm64", "b");
        was("base installer, arm64", "r.test/b:v1@" + ONE).is("base installer, arm64", "r.test/b:v1@" + TWO);
        was("image for arm64, r.test/x", "v1@" + ONE).is("image for arm64, r.test/x", "v1@" + TWO);
        was("image for arm64, r.test/gone", "v1@" + ONE);
        differ("""
                CHANGED TARGET ISO arm64: /a.iso -> /b.iso
                CHANGED KERNEL_ARGUMENT kernel command line, ISO arm64: +b -a
                CHANGED BASE_IMAGE base installer, arm64: tag v1 moved, sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED EXTENSION_DIGEST image for arm64, r.test/x: tag v1 moved, sha256:0123456789ab… -> sha256:fedcba987654…
                REMOVED EXTENSION_REMOVED image for arm64, r.test/gone: v1@sha256:0123456789ab…
                """);
    }

    /** Only an image has a tag that can move. */
    @Test
    void aDigestBehindOtherWordsIsNoImage() {
        was("imager", "localhost:5000/imager@" + ONE).is("imager", "localhost:5000/imager@" + TWO);
        was("description", "says: much… " + ONE).is("description", "says: much… " + TWO);
        was("archive x", "arm64 " + ONE).is("archive x", "arm64 " + TWO);
        was("source image r.test/a", "v1@" + ONE).is("source image r.test/a", "v1@" + TWO);
        was("build: source image r.test/b", ONE + ", " + TWO).is("build: source image r.test/b", TWO + ", " + ONE);
        differ("""
                CHANGED BASE_IMAGE imager: sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED SETTING description: says: much… sha256:0123456789ab… -> says: much… sha256:fedcba987654…
                CHANGED SOURCE archive x: arm64 sha256:0123456789ab… -> arm64 sha256:fedcba987654…
                CHANGED SOURCE source image r.test/a: tag v1 moved, sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED SOURCE build: source image r.test/b: sha256:0123456789ab…, sha256:fedcba987654… -> \
                sha256:fedcba987654…, sha256:0123456789ab…
                """);
    }

    @Test
    void whatABuildWorksWith() {
        was("build: tools", "gcc").is("build: tools", "gcc, make");
        was("build: command", ONE).is("build: command", TWO);
        was("build: variable A", "1").is("build: variable A", "2");
        was("build: order of sources", "dir a, dir b").is("build: order of sources", "dir b, dir a");
        was("build: placement of dir a", "to /x").is("build: placement of dir a", "to /y");
        was("build: Debian packages", "a").is("build: Debian packages", "b");
        is("build: patch x.patch", ONE);
        is("build: file z", ONE);
        differ("""
                CHANGED SOURCE build: tools: gcc -> gcc, make
                CHANGED SOURCE build: command: sha256:0123456789ab… -> sha256:fedcba987654…
                CHANGED SOURCE build: variable A: 1 -> 2
                CHANGED SOURCE build: order of sources: dir a, dir b -> dir b, dir a
                CHANGED SOURCE build: placement of dir a: to /x -> to /y
                CHANGED PACKAGE build: Debian packages: a -> b
                ADDED SOURCE build: patch x.patch: sha256:0123456789ab…
                ADDED FILE build: file z: sha256:0123456789ab…
                """);
    }

    @Test
    void jsonHasReasonAndWholeValues() {
        was("extension r.test/moved", "1.24@" + ONE).is("extension r.test/moved", "1.24@" + TWO);
        assertEquals(
                """
                {"unit":"u","stage":"s","basis":"last_apply","plan":[],"changes":[{"change":"changed","category":"extension_digest",\
                "subject":"extension r.test/moved","before":"1.24@%s","after":"1.24@%s","message":"tag 1.24 moved, \
                sha256:0123456789ab… -> sha256:fedcba987654…"}],"waits_for":[]}""".formatted(ONE, TWO),
                new StagePlan("u", "s", List.of(), changes(), StagePlan.Basis.LAST_APPLY)
                        .toJson()
                        .compact());
    }
}
