package dev.talosforge.talos.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A kernel argument as its author wrote it.
 *
 * @param item its position in the list, from 0
 * @param removes whether it is {@code -key} or {@code -key=value}, which removes
 * @param value null if it has none, or an empty one
 */
public record KernelArgument(
        int item,
        String text,
        boolean removes,
        String key,
        @Nullable String value) {
    public static KernelArgument of(int item, String text) {
        boolean removes = text.length() > 1 && text.startsWith("-");
        String rest = removes ? text.substring(1) : text;
        int split = rest.indexOf('=');
        return new KernelArgument(
                item,
                text,
                removes,
                split < 0 ? rest : rest.substring(0, split),
                split < 0 || split == rest.length() - 1 ? null : rest.substring(split + 1));
    }

    /** Whether the kernel sees several arguments in it: white space between quotes does not separate them. */
    boolean isSeveral() {
        boolean inQuotes = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                inQuotes = !inQuotes;
            } else if (!inQuotes && Character.isWhitespace(c)) {
                return true;
            }
        }
        return false;
    }

    String quoted() {
        return "\"" + shown(text) + "\"";
    }

    /** Without the part before a URL's host, which may be a password. */
    public static String shown(String text) {
        return text.replaceAll("://[^/@\\s]*@", "://…@");
    }
}
