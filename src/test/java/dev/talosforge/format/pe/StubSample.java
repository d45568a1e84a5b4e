package dev.talosforge.format.pe;

/** The stub of this package's tests, for tests of what is built with one. */
public final class StubSample {
    private StubSample() {}

    public static byte[] bytes() {
        return PeSamples.stub();
    }
}
