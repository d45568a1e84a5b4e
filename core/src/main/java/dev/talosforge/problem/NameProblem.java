package dev.talosforge.problem;

import dev.talosforge.bytes.DiskName;
import org.jspecify.annotations.Nullable;

/** Why a name or path of this machine cannot be used: it is not text, or the user's locale cannot represent it. */
public final class NameProblem {
    private NameProblem() {}

    /**
     * The reason.
     *
     * @param ofName why, if the locale can represent every name
     */
    public static String why(String ofName) {
        return DiskName.isUtf8()
                ? ofName
                : "the locale's character map, %s, cannot represent it".formatted(DiskName.encoding());
    }

    /**
     * What to do about it.
     *
     * @param ofName what to do if the locale can represent every name; null for nothing
     */
    public static @Nullable String remedy(@Nullable String ofName) {
        return DiskName.isUtf8() ? ofName : "export LC_ALL=C.UTF-8";
    }
}
