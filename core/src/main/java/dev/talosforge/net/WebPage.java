package dev.talosforge.net;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Detects web pages where a program's answer was expected: login pages, pages of a proxy in between. */
public final class WebPage {
    private static final int MAX_SHOWN = 300;

    /** For a page without a title. */
    private static final int MAX_PAGE = 80;

    private static final Pattern NAME = Pattern.compile("(?is)<(title|h1|h2)\\b[^>]*>(.*?)</\\1\\s*>");
    private static final Pattern SILENT = Pattern.compile("(?is)<(script|style)\\b.*?</\\1\\s*>|<!--.*?-->|<[^>]*>");

    private WebPage() {}

    /** Whether an answer is a web page, by its content type or its first bytes. */
    public static boolean is(HttpAnswer answer) {
        String type = answer.header("Content-Type");
        if (type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("text/html")) {
            return true;
        }
        String start = answer.text().stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }

    /** The body as one line without secrets; for a page, its title. */
    static String words(HttpAnswer answer) {
        String body = answer.text();
        boolean page = is(answer);
        String title = page ? title(body) : null;
        String text = title != null ? title : page ? SILENT.matcher(body).replaceAll(" ") : body;
        String line = Redaction.text(text).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        int most = page ? MAX_PAGE : MAX_SHOWN;
        return line.length() > most ? line.substring(0, most) + " …" : line;
    }

    private static @Nullable String title(String body) {
        Matcher name = NAME.matcher(body);
        while (name.find()) {
            String text = SILENT.matcher(name.group(2)).replaceAll(" ").strip();
            if (!text.isEmpty()) {
                return text;
            }
        }
        return null;
    }
}
