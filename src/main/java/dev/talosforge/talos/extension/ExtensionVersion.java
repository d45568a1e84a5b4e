package dev.talosforge.talos.extension;

import dev.talosforge.talos.TalosVersion;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the version of an extension says about Talos. An extension that is built for one release, as all with kernel
 * modules are, ends its version and its tag with that release: {@code 2.3.4-v1.11.5}.
 */
public final class ExtensionVersion {
    private static final Pattern RELEASE = Pattern.compile(".*-(v\\d+\\.\\d+\\.\\d+(?:-(?:alpha|beta|rc)\\.\\d+)?)");

    private ExtensionVersion() {}

    /** The release at the end of a version or tag, or null where it names none. */
    public static @Nullable TalosVersion release(String versionOrTag) {
        Matcher matcher = RELEASE.matcher(versionOrTag);
        return matcher.matches() ? TalosVersion.parse(matcher.group(1)) : null;
    }

    /** Whether an extension whose version or tag is this was built for another release. */
    public static boolean isForAnother(String versionOrTag, TalosVersion version) {
        TalosVersion release = release(versionOrTag);
        return release != null && !release.core().equals(version.core());
    }

    /**
     * What is to be said about an extension that is at hand, or null: its manifest may name another release where its tag
     * names none.
     */
    public static @Nullable String note(String reference, String manifestVersion, TalosVersion version) {
        return isForAnother(manifestVersion, version)
                ? "extension %s is version %s, made for another release than Talos %s: its kernel modules do not load"
                        .formatted(reference, manifestVersion, version.text())
                : null;
    }
}
