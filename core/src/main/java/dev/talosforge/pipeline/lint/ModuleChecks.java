package dev.talosforge.pipeline.lint;

import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.problem.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sources that nearly name a module of ours: the unit would be left to another tool, and nobody would notice. */
final class ModuleChecks {
    private static final String REGISTRY = "tfr://";
    private static final String LEFT =
            "talos-forge leaves the unit to another tool and builds or uploads nothing for it";

    private static final SortedMap<String, Set<String>> NEEDED = new TreeMap<>(Map.of(
            StageModule.EXTENSION.module(), Set.of("name", "extension_registry"),
            StageModule.IMAGES.module(), Set.of("talos_version", "installer_registry"),
            StageModule.UPLOAD.module(), Set.of("iso_path", "iso_name", "proxmox_datastore_id", "proxmox_node_names")));

    private ModuleChecks() {}

    /** Of a unit that is not ours. */
    static List<LintFinding> of(LintSubject subject) {
        String source = subject.unit().source();
        if (source == null) {
            return List.of();
        }
        ReplacedModules replaced = ReplacedModules.of(
                names(source).stream().map(ModuleChecks::usual).toList());
        if (replaced != null) {
            return List.of(
                    finding(subject, LintRule.MODULE_REPLACED, replaced.what(), replaced.why(), replaced.remedy()));
        }
        String suggestion = suggestion(source);
        if (suggestion != null) {
            return List.of(finding(
                    subject,
                    LintRule.MODULE_NEAR_OURS,
                    "it is not one of %s".formatted(String.join(", ", StageModule.modules())),
                    LEFT,
                    "did you mean %1$s? write: source = \"…//%1$s\"".formatted(suggestion)));
        }
        String alike = byInputs(subject.unit().inputs().keySet());
        return alike == null
                ? List.of()
                : List.of(finding(
                        subject,
                        LintRule.MODULE_NEAR_OURS,
                        "its inputs are those of " + alike,
                        LEFT,
                        "if that is what you mean, write: source = \"…//%s\"".formatted(alike)));
    }

    private static LintFinding finding(LintSubject subject, LintRule check, String what, String why, String remedy) {
        return subject.finding(check, "module \"%s\"".formatted(subject.unit().module()), what, why, remedy);
    }

    /** The module of ours whose required inputs are all there. */
    private static @Nullable String byInputs(Set<String> inputs) {
        for (var needed : NEEDED.entrySet()) {
            if (inputs.containsAll(needed.getValue())) {
                return needed.getKey();
            }
        }
        return null;
    }

    /** The module of ours that a source probably means; null for none. */
    static @Nullable String suggestion(String source) {
        List<String> names = names(source);
        // The last one decides. Those before it count only where they are the very name: folders are called anything.
        String near = names.isEmpty() ? null : near(names.getLast());
        return near != null
                ? near
                : names.stream()
                        .map(ModuleChecks::usual)
                        .filter(name -> StageModule.modules().contains(name))
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
        String nearest = NearestName.nearest(usual, StageModule.modules());
        // Up to a third of the letters is too much here: modules of Talos have names that are alike.
        return nearest != null && NearestName.distance(usual, nearest) <= 2 ? nearest : null;
    }

    private static String usual(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-. ]", "_").strip();
    }
}
