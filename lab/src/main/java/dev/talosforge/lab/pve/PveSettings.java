package dev.talosforge.lab.pve;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Times and limits of the endpoint. The defaults are the real server's; tests shorten the times.
 *
 * @param idle without progress on a connection until it is closed silently
 * @param refusalDelay before a 401, and before the 403 of an upload
 * @param pendingBytes the largest rejected upload that still gets its answer
 * @param copyPause between two pieces of a stored file, while {@link PveFault#SLOW_COPY} is on
 * @param release which age of the HTTP layer is imitated
 * @param controls whether faults can be switched on from outside, at {@code /lab/faults}
 */
public record PveSettings(
        Duration idle,
        Duration refusalDelay,
        long pendingBytes,
        Duration copyPause,
        Release release,
        boolean controls) {
    private static final Pattern IMAGES = Pattern.compile("[A-Za-z0-9._-]+\\.(ova|qcow2|raw|vmdk)");
    private static final Pattern OVA = Pattern.compile("[A-Za-z0-9._-]+\\.ova");

    /** Ages of the real server that differ in what a client sees. */
    public enum Release {
        /** Error texts in the body, 500 for a broken upload. */
        CURRENT("9.2.11", "9.2"),
        /** The same of PVE 8.3, which has imports, of {@code .ova} only: the others came with pve-storage 8.3.6. */
        BEFORE_IMAGES("8.3.0", "8.3"),
        /** PVE 8.2 and before: texts in the status line only, 501 for a broken upload, 72 KiB pending. */
        OLD("8.2.4", "8.2");

        final String version;
        final String release;

        Release(String version, String release) {
            this.version = version;
            this.release = release;
        }
    }

    /** As the real server of that age. */
    public static PveSettings of(Release release) {
        return new PveSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                release == Release.CURRENT ? 520 << 10 : 72 << 10,
                Duration.ofMillis(100),
                release,
                false);
    }

    /** With other times. */
    public PveSettings with(Duration otherIdle, Duration otherRefusalDelay) {
        return new PveSettings(otherIdle, otherRefusalDelay, pendingBytes, copyPause, release, controls);
    }

    /** The same, controllable from outside. */
    public PveSettings controlled() {
        return new PveSettings(idle, refusalDelay, pendingBytes, copyPause, release, true);
    }

    /** The disk image names that an upload may have. */
    Pattern imports() {
        return release == Release.CURRENT ? IMAGES : OVA;
    }

    /** Whether error texts are in the body. */
    boolean messages() {
        return release == Release.CURRENT;
    }
}
