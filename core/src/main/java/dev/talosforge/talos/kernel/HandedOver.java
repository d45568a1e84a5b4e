package dev.talosforge.talos.kernel;

import java.util.ArrayList;
import java.util.List;

/** What boot loaders do to a command line before the kernel gets it. */
public final class HandedOver {
    private static final String IMAGE = "BOOT_IMAGE=";

    private HandedOver() {}

    /**
     * By GRUB's command {@code linux}: a backslash before each quote and backslash, quotes around words with blanks,
     * and the kernel's path in front.
     *
     * <p>Specification: {@code grub_create_loader_cmdline} in {@code grub-core/lib/cmdline.c} of GRUB 2.06 and 2.12.
     * Some versions add no backslashes; our lines contain nothing that needs one.
     *
     * @param kernel its path, the first word after {@code linux}
     * @param arguments the other words, as the shell made them
     */
    public static String byGrub(String kernel, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(imageWord(kernel));
        arguments.forEach(argument -> words.add(escaped(argument)));
        return KernelLine.cut(words);
    }

    /** The word in front. */
    public static String imageWord(String kernel) {
        return IMAGE + escaped(kernel);
    }

    private static String escaped(String word) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if ((c == '\\' && !isHex(word, i + 1)) || c == '\'' || c == '"') {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return word.indexOf(' ') < 0 ? escaped.toString() : "\"" + escaped + "\"";
    }

    /** A backslash before {@code x} and two hexadecimal digits stays as it is. */
    private static boolean isHex(String word, int at) {
        return word.startsWith("x", at)
                && word.length() > at + 2
                && Character.digit(word.charAt(at + 1), 16) >= 0
                && Character.digit(word.charAt(at + 2), 16) >= 0;
    }

    /** The same line without the word that GRUB adds. */
    public static String withoutImage(String line) {
        if (!line.startsWith(IMAGE)) {
            return line;
        }
        int blank = line.indexOf(' ');
        return blank < 0 ? "" : line.substring(blank + 1);
    }

    /**
     * By systemd's stub from a section {@code .cmdline}: it ends at a NUL, control characters become blanks, trailing
     * ones are dropped, and so are characters that have no 16-bit unit in UEFI's text.
     */
    public static String byStub(String section) {
        int nul = section.indexOf('\0');
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < (nul < 0 ? section.length() : nul); i++) {
            char c = section.charAt(i);
            if (c < ' ') {
                line.append(' ');
            } else if (!Character.isSurrogate(c)) {
                line.append(c);
            }
        }
        while (!line.isEmpty() && line.charAt(line.length() - 1) == ' ') {
            line.setLength(line.length() - 1);
        }
        String text = line.toString();
        return KernelLine.bytes(text) <= KernelLine.MAX_BYTES
                ? text
                : KernelLine.cut(KernelLine.of(text).words());
    }
}
