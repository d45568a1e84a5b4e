package dev.talosforge.pipeline.module;

import dev.talosforge.bytes.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that was written for a module. One of its first two lines has the digest of everything after it, so that a
 * file which somebody changed is not taken for one that may be replaced. Line ends do not matter: git may change them.
 */
final class WrittenFile {
    private static final String MARK = "# Written by Talos Forge, which replaces this file only if it is unchanged: ";

    private static final Pattern SIGNED =
            Pattern.compile("(?:[^\n]*\n)?" + Pattern.quote(MARK) + "([0-9a-f]{64})\n(.*)", Pattern.DOTALL);

    private WrittenFile() {}

    /** @param before lines that have to be in front of ours; may be empty */
    static String signed(String before, String text) {
        return before + MARK + digest(text) + "\n" + text;
    }

    /** Who wrote a text. */
    enum Origin {
        OURS,
        /** Ours, and changed since. */
        CHANGED,
        OTHERS
    }

    static Origin of(String text) {
        String plain = text.replace("\r\n", "\n");
        Matcher signed = SIGNED.matcher(plain);
        if (signed.matches()) {
            return signed.group(1).equals(digest(signed.group(2))) ? Origin.OURS : Origin.CHANGED;
        }
        return plain.contains(MARK) ? Origin.CHANGED : Origin.OTHERS;
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
