package dev.talosforge.talos.extension;

import dev.talosforge.talos.TalosVersion;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the version of an extension says about Talos. An extension built for one release, as all with kernel modules
 * are, ends its version and its tag with that release: {@code 2.3.4-v1.11.5}.
 */
public final class ExtensionVersion {
    private static final Pattern RELEASE = Pattern.compile(".*-(v\\d+\\.\\d+\\.\\d+(?:-(?:alpha|beta|rc)\\.\\d+)?)");

    private ExtensionVersion() {}

    /** The release at the end of a version or tag, or null if there is none. */
    public static @Nullable TalosVersion release(String versionOrTag) {
        Matcher matcher = RELEASE.matcher(versionOrTag);
        return matcher.matches() ? TalosVersion.parse(matcher.group(1)) : null;
    }

    /** Whether an extension with this version or tag was built for another release. */
    public static boolean isForAnother(String versionOrTag, TalosVersion version) {
        TalosVersion release = release(versionOrTag);
        return release != null && !release.core().equals(version.core());
    }

    /**
     * A warning about an extension at hand, or null: its manifest may name another release even if its tag does not.
     */
    public static @Nullable String note(String reference, String manifestVersion, TalosVersion version) {
        return isForAnother(manifestVersion, version)
                ? "extension %s is version %s, built for another release than Talos %s: its kernel modules do not load"
                        .formatted(reference, manifestVersion, version.text())
                : null;
    }
}
