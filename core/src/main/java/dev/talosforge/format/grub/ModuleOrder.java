package dev.talosforge.format.grub;

import dev.talosforge.bytes.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;

/** Module dependencies from {@code moddep.lst}. */
final class ModuleOrder {
    private static final int MAX_DEPTH = 64;

    private final SortedMap<String, List<String>> needs;

    private ModuleOrder(SortedMap<String, List<String>> needs) {
        this.needs = needs;
    }

    /** Lines of {@code name: need need ...}. */
    static ModuleOrder parse(String text) {
        SortedMap<String, List<String>> needs = new TreeMap<>();
        for (String line : text.lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String rest = line.substring(colon + 1).strip();
                needs.put(line.substring(0, colon).strip(), rest.isEmpty() ? List.of() : List.of(rest.split("\\s+")));
            }
        }
        return new ModuleOrder(needs);
    }

    /**
     * The modules and all their dependencies, in the order in which GRUB's own tool embeds them: depth first, a
     * module's dependencies from last to first, then the module itself.
     */
    List<String> closure(List<String> modules) throws FormatException {
        SequencedSet<String> ordered = new LinkedHashSet<>();
        for (String module : modules) {
            add(module, ordered, new ArrayList<>());
        }
        return List.copyOf(ordered);
    }

    private void add(String module, SequencedSet<String> ordered, List<String> path) throws FormatException {
        if (ordered.contains(module)) {
            return;
        }
        if (path.contains(module) || path.size() > MAX_DEPTH) {
            throw new FormatException("GRUB moddep.lst", 0, "%s depends on itself: %s".formatted(module, path));
        }
        path.add(module);
        for (String need : needs.getOrDefault(module, List.of()).reversed()) {
            add(need, ordered, path);
        }
        path.removeLast();
        ordered.add(module);
    }
}
