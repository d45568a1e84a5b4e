package dev.talosforge.inspect;

import dev.talosforge.talos.image.GrubScript;
import dev.talosforge.talos.image.GrubScript.Command;
import dev.talosforge.talos.kernel.HandedOver;
import java.util.ArrayList;
import java.util.List;

/** Entries of a {@code grub.cfg} of Talos' ISOs: {@code menuentry}, {@code linux}, {@code initrd}. */
final class GrubMenu {
    /** More than any menu has; the rest is ignored. */
    private static final int MAX_ENTRIES = 100;

    private final List<Item> items = new ArrayList<>();
    private String title = "";
    private String kernel = "";
    private String commandLine = "";
    private String initramfs = "";
    private int depth;
    private int entryDepth;

    private GrubMenu() {}

    /**
     * One entry.
     *
     * @param commandLine as the kernel receives it, with the word that GRUB adds in front
     */
    record Item(String title, String kernel, String initramfs, String commandLine) {}

    static List<Item> parse(String config) {
        GrubMenu menu = new GrubMenu();
        for (Command command : GrubScript.commands(config)) {
            switch (command) {
                case Command.Open() -> menu.depth++;
                case Command.Close() -> menu.close();
                case Command.Words(List<String> words) -> menu.words(words);
            }
        }
        return List.copyOf(menu.items);
    }

    private void words(List<String> words) {
        boolean more = words.size() > 1;
        switch (words.getFirst()) {
            case "menuentry" -> {
                title = more ? words.get(1) : "";
                entryDepth = depth;
            }
            case "linux" -> {
                kernel = more ? words.get(1) : "";
                commandLine = more ? HandedOver.byGrub(kernel, words.subList(2, words.size())) : "";
            }
            case "initrd" -> initramfs = String.join(" ", words.subList(1, words.size()));
            default -> {
                // irrelevant to what is started
            }
        }
    }

    private void close() {
        depth--;
        if (depth <= entryDepth && !kernel.isEmpty() && items.size() < MAX_ENTRIES) {
            items.add(new Item(title, kernel, initramfs, commandLine));
            kernel = "";
            initramfs = "";
        }
    }
}
