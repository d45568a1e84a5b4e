package dev.talosforge.talos;

import java.util.ArrayList;
import java.util.List;

/** What boot loaders make of a command line before the kernel gets it. */
public final class HandedOver {
    private static final String IMAGE = "BOOT_IMAGE=";

    private HandedOver() {}

    /**
     * By GRUB's command {@code linux}: a backslash before each quote and backslash, quotes around words with blanks, and
     * in front the kernel's path.
     *
     * <p>Specification: {@code grub_create_loader_cmdline} in {@code grub-core/lib/cmdline.c}.
     *
     * @param kernel its path, the first word behind {@code linux}
     * @param arguments the other words, as the shell made them
     */
    public static String byGrub(String kernel, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(imageWord(kernel));
        arguments.forEach(argument -> words.add(escaped(argument)));
        return KernelLine.cut(words);
    }

    /** The word in front. */
    static String imageWord(String kernel) {
        return IMAGE + escaped(kernel);
    }

    private static String escaped(String word) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean hex = c == '\\' && word.substring(i + 1).matches("(?s)x[0-9A-Fa-f]{2}.*");
            if ((c == '\\' || c == '\'' || c == '"') && !hex) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return word.indexOf(' ') < 0 ? escaped.toString() : "\"" + escaped + "\"";
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
     * By systemd's stub from a section {@code .cmdline}: it ends at a NUL, control characters become blanks, those at the
     * end go, and so do characters that UEFI's text of 16 bits has no unit for.
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
        String text = line.toString().replaceAll(" +$", "");
        return KernelLine.bytes(text) <= KernelLine.MAX_BYTES
                ? text
                : KernelLine.cut(KernelLine.of(text).words());
    }
}
