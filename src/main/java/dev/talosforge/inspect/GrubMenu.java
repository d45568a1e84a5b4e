package dev.talosforge.inspect;

import java.util.ArrayList;
import java.util.List;

/** Entries of a {@code grub.cfg} as Talos' ISOs have it: {@code menuentry}, {@code linux}, {@code initrd}. */
final class GrubMenu {
    /** More than any menu has; the rest is not looked at. */
    private static final int MAX_ENTRIES = 100;

    private GrubMenu() {}

    /**
     * One entry.
     *
     * @param commandLine as the kernel gets it
     */
    record Item(String title, String kernel, String initramfs, String commandLine) {}

    static List<Item> parse(String config) {
        List<Item> items = new ArrayList<>();
        String title = "";
        String kernel = "";
        String commandLine = "";
        String initramfs = "";
        for (String raw : config.lines().toList()) {
            String line = raw.strip();
            if (line.startsWith("menuentry ")) {
                title = between(line);
            } else if (line.startsWith("linux ")) {
                String[] words = line.substring("linux ".length()).strip().split(" ", 2);
                kernel = words[0];
                commandLine = words.length == 2 ? unquoted(words[1]) : "";
            } else if (line.startsWith("initrd ")) {
                initramfs = line.substring("initrd ".length()).strip();
            } else if (line.equals("}") && !kernel.isEmpty() && items.size() < MAX_ENTRIES) {
                items.add(new Item(title, kernel, initramfs, commandLine));
                kernel = "";
                initramfs = "";
            }
        }
        return List.copyOf(items);
    }

    private static String between(String line) {
        int quote = line.indexOf('"');
        int end = line.indexOf('"', quote + 1);
        return quote < 0 || end < 0 ? "" : line.substring(quote + 1, end);
    }

    private static String unquoted(String text) {
        return text.strip().replaceAll("\\\\(.)", "$1");
    }
}
