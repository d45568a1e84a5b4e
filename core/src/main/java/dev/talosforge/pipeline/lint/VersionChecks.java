package dev.talosforge.pipeline.lint;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.talos.TalosVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks versions: how they are written, and whether names that contain one agree. */
final class VersionChecks {
    private static final String KUBERNETES = "kubernetes_version";
    private static final String TALOS = "talos_version";

    /** The newest release whose images were compared with Talos' own. */
    private static final int KNOWN_MAJOR = 1;

    private static final int KNOWN_MINOR = 14;
    private static final String INSTALLER_TAG = "installer_tag";

    private final LintSubject subject;
    private final ImagesInputs images;
    private final List<LintFinding> findings = new ArrayList<>();

    private VersionChecks(LintSubject subject, ImagesInputs images) {
        this.subject = subject;
        this.images = images;
    }

    static List<LintFinding> of(LintSubject subject, ImagesInputs images) {
        VersionChecks checks = new VersionChecks(subject, images);
        if (subject.isReal("talos_version")) {
            checks.form();
            checks.findings.addAll(newer(subject, images.version()));
            checks.source("imager_image", images.images().imager());
            checks.source("base_installer_image", images.images().base());
            checks.tag();
        }
        return checks.findings;
    }

    /** For an extension: the version whose rules apply. */
    static List<LintFinding> of(LintSubject subject, ExtensionInputs extension) {
        return extension.rulesNamed() && subject.isReal(TALOS) ? newer(subject, extension.rules()) : List.of();
    }

    private static List<LintFinding> newer(LintSubject subject, TalosVersion version) {
        if (!version.atLeast(KNOWN_MAJOR, KNOWN_MINOR + 1, 0)) {
            return List.of();
        }
        return List.of(subject.finding(
                LintRule.TALOS_VERSION_NEWER,
                TALOS,
                "%s is newer than the versions this program knows".formatted(version.text()),
                "it supports Talos 1.10 to %d.%d and does not know later changes".formatted(KNOWN_MAJOR, KNOWN_MINOR),
                "check the spelling, or look for a newer talos-forge"));
    }

    private void form() {
        String text = images.version().text();
        boolean defaults = !subject.unit().inputs().containsKey("imager_image")
                || !subject.unit().inputs().containsKey("base_installer_image");
        if (defaults && !text.matches("v\\d+\\.\\d+\\.\\d+.*")) {
            findings.add(subject.finding(
                    LintRule.TALOS_VERSION_FORM,
                    "talos_version",
                    "\"%s\" is not how Talos' images are tagged".formatted(text),
                    "images of that version are looked up under the tag " + text,
                    "write all three numbers with a leading v: v%d.%d.%d"
                            .formatted(
                                    images.version().major(),
                                    images.version().minor(),
                                    images.version().patch())));
        }
    }

    private void source(String input, ImagePlace reference) {
        TalosVersion named = complete(reference.tag());
        if (named != null && !same(named, images.version()) && subject.isReal(input)) {
            findings.add(subject.finding(
                    LintRule.IMAGE_OF_OTHER_RELEASE,
                    input,
                    "it is for %s, but talos_version is %s"
                            .formatted(named.text(), images.version().text()),
                    "the kernel, the rules and the version shown would belong to different releases",
                    "use the image of %s, or omit the input"
                            .formatted(images.version().text())));
        }
    }

    private void tag() {
        String tag = images.installer().tag();
        if (tag == null || !subject.isReal(INSTALLER_TAG)) {
            return;
        }
        String version = images.version().text();
        TalosVersion named = complete(tag);
        if (ExtensionChecks.floats(tag)) {
            findings.add(subject.finding(
                    LintRule.FLOATING_TAG,
                    INSTALLER_TAG,
                    "installers are published under %s, which is a moving tag".formatted(tag),
                    "a node upgraded by that name gets the version published last",
                    "omit it: the tag is then the version of Talos"));
        } else if (named != null && !withoutBuild(tag).equals(withoutBuild(version)) && isFinal(tag)) {
            findings.add(subject.finding(
                    LintRule.INSTALLER_TAG_OF_OTHER_VERSION,
                    INSTALLER_TAG,
                    "Talos %s is published under the tag %s".formatted(version, tag),
                    "a node installed with %s from that tag gets %s".formatted(tag, version),
                    "omit it, or include the version: %s-test".formatted(version)));
        }
    }

    private static boolean isFinal(String tag) {
        return tag.matches("v?\\d+\\.\\d+\\.\\d+");
    }

    private static String withoutBuild(String version) {
        String plain = version.startsWith("v") ? version.substring(1) : version;
        int plus = plain.indexOf('+');
        return plus < 0 ? plain : plain.substring(0, plus);
    }

    private static @Nullable TalosVersion complete(@Nullable String tag) {
        return tag != null && tag.matches("v?\\d+\\.\\d+\\.\\d+([-+].*)?") ? TalosVersion.parse(tag) : null;
    }

    private static boolean same(TalosVersion a, TalosVersion b) {
        return a.major() == b.major() && a.minor() == b.minor() && a.patch() == b.patch();
    }

    /** The same version of Kubernetes in two forms within one tree, and forms that name no release. */
    static List<LintFinding> kubernetes(List<LintSubject> subjects) {
        List<LintFinding> findings = new ArrayList<>();
        LintSubject plain = null;
        for (LintSubject subject : subjects) {
            String text = kubernetes(subject);
            if (text != null && !text.startsWith("v")) {
                plain = plain == null ? subject : plain;
            }
        }
        for (LintSubject subject : subjects) {
            String text = kubernetes(subject);
            if (text == null) {
                continue;
            }
            if (!text.matches("v?\\d+\\.\\d+\\.\\d+([-+].*)?")) {
                findings.add(subject.finding(
                        LintRule.KUBERNETES_VERSION_FORM,
                        KUBERNETES,
                        "\"%s\" is not a complete version of Kubernetes".formatted(text),
                        "images of Kubernetes are tagged with all three numbers",
                        "write it like 1.31.4"));
            } else if (text.startsWith("v") && plain != null) {
                findings.add(subject.finding(
                        LintRule.KUBERNETES_VERSION_FORM,
                        KUBERNETES,
                        "\"%s\" has a leading v, but %s has none"
                                .formatted(text, plain.unit().name()),
                        "anything that compares them as text sees two different versions",
                        "write it the same way everywhere: " + text.substring(1)));
            }
        }
        return findings;
    }

    private static @Nullable String kubernetes(LintSubject subject) {
        return subject.unit().inputs().get(KUBERNETES) instanceof Value.Text(String text)
                        && !text.isEmpty()
                        && subject.isOwn(KUBERNETES)
                ? text
                : null;
    }
}
