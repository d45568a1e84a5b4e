package dev.talosforge.pipeline.inputs;

/** The name of an ISO. */
final class IsoName {
    private IsoName() {}

    /** The default name of an ISO. */
    static String usual(String version, String platform, String architecture) {
        return "talos-%s-%s-%s.iso".formatted(version, platform, architecture);
    }
}
