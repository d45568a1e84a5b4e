package dev.talosforge.pipeline.inputs;

/** What an ISO is called. */
final class IsoName {
    private IsoName() {}

    /** The name of an ISO that nobody named. */
    static String usual(String version, String platform, String architecture) {
        return "talos-%s-%s-%s.iso".formatted(version, platform, architecture);
    }
}
