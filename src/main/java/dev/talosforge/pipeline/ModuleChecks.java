package dev.talosforge.pipeline;

import dev.talosforge.problem.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sources that nearly name a module of ours: the unit would be left to another tool, and nobody would notice. */
final class ModuleChecks {
    private static final String REGISTRY = "tfr://";

    private ModuleChecks() {}

    /** Of a unit that is not ours. */
    static List<Finding> of(Subject subject) {
        String source = subject.unit().source();
        String meant = source == null ? null : meant(source);
        if (meant == null) {
            return List.of();
        }
        return List.of(subject.finding(
                Check.MODULE_NEAR_OURS,
                "module \"%s\"".formatted(subject.unit().module()),
                "it is none of %s".formatted(String.join(", ", Stage.modules())),
                "talos-forge leaves the unit to another tool: nothing of it is built or uploaded",
                "did you mean %1$s? write: source = \"…//%1$s\"".formatted(meant)));
    }

    /** The module of ours that a source seems to name; null for none. */
    static @Nullable String meant(String source) {
        List<String> names = names(source);
        // The last one decides. Those before it count only where they are the very name: folders are called anything.
        String near = names.isEmpty() ? null : near(names.getLast());
        return near != null
                ? near
                : names.stream()
                        .map(ModuleChecks::usual)
                        .filter(name -> Stage.modules().contains(name))
                        .findFirst()
                        .orElse(null);
    }

    /** The segments of the part below {@code //}, else the last of the path; of a registry's module, its name. */
    private static List<String> names(String source) {
        String path = source.replaceAll("[?].*$", "").replaceAll("[.]git(?=/|$)", "");
        String plain = path.replaceAll("^[A-Za-z0-9+.:-]*://", "");
        List<String> names = new ArrayList<>();
        int sub = plain.indexOf("//");
        if (path.startsWith(REGISTRY)) {
            String[] address = (sub < 0 ? plain : plain.substring(0, sub)).split("/", -1);
            if (address.length >= 3) {
                names.add(address[address.length - 2]); // HOST/NAMESPACE/NAME/PROVIDER
            }
        }
        String below = sub < 0 ? (path.startsWith(REGISTRY) ? "" : plain) : plain.substring(sub + 2);
        for (String name : below.split("/", -1)) {
            if (!name.isEmpty() && !name.startsWith(".")) {
                names.add(name);
            }
        }
        return sub < 0 && names.size() > 1 ? List.of(Objects.requireNonNull(names.getLast())) : names;
    }

    private static @Nullable String near(String name) {
        String usual = usual(name);
        String nearest = NearestName.nearest(usual, Stage.modules());
        // Up to a third of the letters is too much here: modules of Talos have names that are alike.
        return nearest != null && NearestName.distance(usual, nearest) <= 2 ? nearest : null;
    }

    private static String usual(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-. ]", "_").strip();
    }
}
