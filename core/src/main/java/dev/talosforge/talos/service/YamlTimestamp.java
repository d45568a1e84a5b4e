package dev.talosforge.talos.service;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words that YAML 1.1 takes for a point in time: {@code 2025-01-02}, {@code 2025-1-2 3:04:05},
 * {@code 2025-01-02T03:04:05Z}. Until Talos 1.13 they are texts where a text is expected; the reader of 1.14 rejects
 * them there.
 */
final class YamlTimestamp {
    private static final Pattern FORM = Pattern.compile(
            "(\\d{4})-(\\d{1,2})-(\\d{1,2})"
                    + "(?:[Tt]\\d{1,2}:\\d{1,2}:\\d{1,2}(?:\\.\\d+)?(?:Z|[+-]\\d{2}:\\d{2})| \\d{1,2}:\\d{1,2}:\\d{1,2}(?:\\.\\d+)?)?");

    private YamlTimestamp() {}

    static boolean isOne(String plain) {
        Matcher form = FORM.matcher(plain);
        if (!form.matches()) {
            return false;
        }
        try {
            LocalDate.of(
                    Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
