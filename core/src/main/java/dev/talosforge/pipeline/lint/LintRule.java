package dev.talosforge.pipeline.lint;

import java.util.Locale;

/**
 * The content checks: each finds something allowed but probably a mistake. The reasons are those of the documentation.
 */
public enum LintRule {
    KERNEL_ARGS_CONTRADICT("one argument removes what another sets; which wins depends on their order"),
    KERNEL_ARGS_REPEATED("an argument occurs twice, or has several values, of which the kernel uses the last"),
    KERNEL_ARGS_NO_EFFECT("an argument removes what Talos does not set, or is empty"),
    KERNEL_ARGS_IN_ONE("one item contains several arguments; removing an argument only finds the first of them"),
    KERNEL_ARGS_CONSOLE("`console=` replaces all consoles, so a screen or serial port loses its output"),
    TALOS_PLATFORM_SHARED("`talos.platform=` in shared arguments is left out: each artifact keeps its own platform"),
    INSTALLED_OTHERWISE(
            "installation changes the names of network cards, consoles, or where the configuration comes from"),
    KERNEL_ARGS_NOT_INSTALLED(
            "installed nodes that boot by BIOS start without them unless the machine configuration sets them; not an error in strict runs"),
    EXTENSION_BY_TAG("a tag can move: the same tree then builds another image"),
    EXTENSION_WITHOUT_TAG("a digest alone does not show which version it is"),
    FLOATING_TAG("a tag such as `latest` or `v1` is meant to move"),
    EXTENSION_TWICE("two images of one extension: the files of the last one are used"),
    EXTENSION_OF_OTHER_RELEASE("an extension built for another Talos release; its kernel modules do not load"),
    EXTENSION_WITH_MODULES("kernel modules of extensions cannot be packed yet: apply refuses this extension"),
    IMAGE_OF_OTHER_RELEASE("imager or base installer of another Talos version than `talos_version`"),
    TALOS_VERSION_NEWER("a release newer than this program: the rules of the newest known release are applied"),
    TALOS_VERSION_FORM("Talos' own images are only tagged `vMAJOR.MINOR.PATCH`"),
    KUBERNETES_VERSION_FORM("`kubernetes_version` with `v` in one unit and without in another, or incomplete"),
    INSTALLER_TAG_OF_OTHER_VERSION("a version is published under the tag of another version, which others use"),
    SAME_TARGET("two units publish under one name: the last one replaces the other"),
    ISO_NAME_CONSTANT("the ISO's name does not change with the version: a new ISO replaces the old one"),
    ISO_NOT_MADE_HERE("an ISO is uploaded that no dependency builds: it may be old or missing"),
    PROXMOX_NODES("nodes and hostnames do not match, or a node occurs twice"),
    SECRET_IN_PLAIN_TEXT("a password or token is readable in the tree, or becomes part of an image"),
    MOCK_REACHES_APPLY("Terragrunt also uses these mock outputs in an apply if real ones are missing"),
    OUTPUTS_OUT_OF_REACH(
            "outputs are recorded where Terragrunt does not find them: other units get mocks or old outputs"),
    SERVICE_FILE("Talos accepts any service file and does not report what it ignores or what never runs"),
    MODULE_NEAR_OURS(
            "a unit with a misspelt module is left to another tool, and its consumers keep using earlier outputs"),
    MODULE_REPLACED("a module that Talos Forge can replace is left to another tool; not an error in strict runs");

    private final String reason;

    LintRule(String reason) {
        this.reason = reason;
    }

    /** The stable name: {@code kernel-args-contradict}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether other units of the tree must be known: a unit alone does not show it. */
    public boolean comparesUnits() {
        return switch (this) {
            case KUBERNETES_VERSION_FORM, SAME_TARGET, ISO_NOT_MADE_HERE, OUTPUTS_OUT_OF_REACH -> true;
            default -> false;
        };
    }

    /** Whether it is about the time after the images are used: reported last, as what is left to do. */
    public boolean isAboutInstallation() {
        return this == INSTALLED_OTHERWISE || this == KERNEL_ARGS_NOT_INSTALLED;
    }

    /** Whether it can be fixed in the tree. Otherwise it is not a problem in strict runs either. */
    public boolean isFixableInTree() {
        return this != KERNEL_ARGS_NOT_INSTALLED && this != MODULE_REPLACED && !isNote();
    }

    /** Whether it questions that a unit is left to another tool. */
    public boolean isAboutModule() {
        return this == MODULE_NEAR_OURS || this == MODULE_REPLACED;
    }

    /** Whether an apply reports it itself, for the whole extension. */
    public boolean isReportedByApply() {
        return this == SERVICE_FILE;
    }

    /** Whether a lock with every image of the unit resolves it. */
    public boolean isAboutTags() {
        return this == EXTENSION_BY_TAG || this == FLOATING_TAG;
    }

    /** Whether it is about what another tool does with a unit that is never run here: a note, not a problem. */
    public boolean isNote() {
        return this == MOCK_REACHES_APPLY;
    }

    /**
     * Whether it reports what a run leaves out, or who will not see its result: reported by every run.
     *
     * @param applied false for a plan, which builds nothing
     */
    public boolean isAboutRun(boolean applied) {
        return isAboutModule() || (applied && this == OUTPUTS_OUT_OF_REACH);
    }

    /** Why this is checked. */
    public String reason() {
        return reason;
    }
}
