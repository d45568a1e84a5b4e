package dev.talosforge.talos.kernel;

import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Reviews kernel arguments that several artifacts share, for what their author probably did not intend. */
public final class KernelArgumentReview {
    /** Keys that the kernel or Talos reads as often as they occur. */
    private static final Set<String> REPEATABLE = Set.of(
            "acpi_osi",
            "amd_iommu",
            "bond",
            "cgroup_disable",
            "clearcpuid",
            "console",
            "crashkernel",
            "earlycon",
            "hugepages",
            "hugepagesz",
            "initcall_blacklist",
            "intel_iommu",
            "iommu",
            "ip",
            "memmap",
            "module_blacklist",
            "pci",
            "talos.environment",
            "talos.logging.kernel",
            "video",
            "vlan");

    private static final String CONSOLE = "console";
    private static final String PLATFORM = "talos.platform";

    private final List<KernelArgument> arguments;
    private final List<Artifact> artifacts;
    private final List<Remark> remarks = new ArrayList<>();

    private KernelArgumentReview(List<KernelArgument> arguments, List<Artifact> artifacts) {
        this.arguments = arguments;
        this.artifacts = artifacts;
    }

    /** What kind of finding it is. */
    public enum Oddity {
        CONTRADICTION,
        REPETITION,
        NO_EFFECT,
        CONSOLE_LOST,
        SHARED_PLATFORM,
        SEVERAL_IN_ONE
    }

    /**
     * One finding.
     *
     * @param item position, from 0, of the argument
     * @param what the finding, in a few words
     * @param why what follows from it
     * @param remedy what to write instead
     */
    public record Remark(Oddity oddity, int item, String what, String why, String remedy) {}

    /** An artifact's line without and with the arguments. */
    private record Artifact(
            String name, String architecture, TalosVersion version, String platform, KernelArguments own, String line) {
        static Artifact of(KernelCommandLine.Target target, List<String> arguments) {
            return new Artifact(
                    target.kind() == OutputKind.ISO ? "ISO" : "installer",
                    target.architecture().label(),
                    target.version(),
                    target.platform().label(),
                    KernelArguments.parse(
                            KernelCommandLine.of(target, List.of()).line()),
                    KernelCommandLine.of(target, arguments).line());
        }
    }

    /**
     * All findings, in the order of the list.
     *
     * @param artifacts that get the arguments
     */
    public static List<Remark> of(List<String> arguments, List<KernelCommandLine.Target> artifacts) {
        List<KernelArgument> items = new ArrayList<>();
        for (String argument : arguments) {
            items.add(KernelArgument.of(items.size(), argument));
        }
        KernelArgumentReview review = new KernelArgumentReview(
                items,
                artifacts.stream().map(target -> Artifact.of(target, arguments)).toList());
        items.forEach(review::look);
        review.repeated();
        review.consoles();
        return review.remarks.stream()
                .sorted(Comparator.comparingInt(Remark::item).thenComparing(Remark::oddity))
                .toList();
    }

    private void look(KernelArgument argument) {
        if (argument.key().equals(PLATFORM)) {
            platform(argument);
        } else if (argument.text().isBlank() || argument.text().equals("-")) {
            add(Oddity.NO_EFFECT, argument, argument.quoted() + " is not an argument", "it sets nothing", "remove it");
        } else if (argument.isSeveral()) {
            add(
                    Oddity.SEVERAL_IN_ONE,
                    argument,
                    argument.quoted() + " contains more than one argument",
                    "only the first is seen when arguments are removed or consoles replaced",
                    "write each argument as a separate item");
        } else if (argument.removes()) {
            removal(argument);
        }
    }

    private void platform(KernelArgument argument) {
        add(
                Oddity.SHARED_PLATFORM,
                argument,
                argument.quoted() + " is in arguments that several artifacts share",
                "each keeps its own platform ("
                        + artifacts.stream()
                                .map(artifact -> artifact.name + ": " + artifact.platform)
                                .distinct()
                                .collect(Collectors.joining(", "))
                        + "), so this one is ignored",
                "remove it; installer_platform and iso_platform choose platforms");
    }

    private void removal(KernelArgument argument) {
        List<KernelArgument> setters = arguments.stream()
                .filter(other -> !other.removes() && other.key().equals(argument.key()))
                .filter(other -> argument.value() == null || argument.value().equals(other.value()))
                .toList();
        if (!setters.isEmpty()) {
            contradiction(argument, setters);
        } else if (artifacts.stream().noneMatch(artifact -> removes(argument, artifact))) {
            add(
                    Oddity.NO_EFFECT,
                    argument,
                    argument.quoted() + " removes nothing",
                    withoutIt(argument),
                    "remove it, or write the argument as Talos does");
        }
    }

    private static boolean removes(KernelArgument argument, Artifact artifact) {
        List<String> values = artifact.own.values(argument.key());
        return argument.value() == null ? !values.isEmpty() : values.contains(argument.value());
    }

    private String withoutIt(KernelArgument argument) {
        SequencedSet<String> others = new LinkedHashSet<>();
        for (Artifact artifact : artifacts) {
            artifact.own.values(argument.key()).forEach(value -> others.add(whole(argument.key(), value)));
        }
        String release =
                artifacts.isEmpty() ? "" : " " + artifacts.getFirst().version.text();
        return others.isEmpty()
                ? "Talos%s does not set %s".formatted(release, argument.key())
                : "Talos%s sets %s".formatted(release, String.join(" ", others));
    }

    private void contradiction(KernelArgument argument, List<KernelArgument> setters) {
        SequencedSet<String> left = new LinkedHashSet<>();
        for (Artifact artifact : artifacts) {
            List<String> present = KernelArguments.parse(artifact.line).values(argument.key()).stream()
                    .map(value -> whole(argument.key(), value))
                    .toList();
            left.add(present.isEmpty() ? "no " + argument.key() : String.join(" ", present));
        }
        SequencedSet<String> known = new LinkedHashSet<>();
        artifacts.forEach(artifact -> known.addAll(artifact.own.values(argument.key())));
        known.remove("");
        String remedy = known.isEmpty() || argument.value() != null
                ? "keep one of them"
                : "keep one of them; to replace Talos' value, remove exactly that: -%s=%s"
                        .formatted(argument.key(), known.getFirst());
        add(
                Oddity.CONTRADICTION,
                argument,
                "%s and %s contradict each other"
                        .formatted(
                                argument.quoted(),
                                setters.stream()
                                        .map(KernelArgument::quoted)
                                        .distinct()
                                        .collect(Collectors.joining(" and "))),
                "one removes what the other sets; in this order the command line has "
                        + KernelArgument.shown(String.join(" or ", left)),
                remedy);
    }

    private void repeated() {
        SequencedMap<String, List<KernelArgument>> byKey = new LinkedHashMap<>();
        for (KernelArgument argument : arguments) {
            if (!argument.key().isEmpty() && !argument.key().equals(PLATFORM) && !argument.isSeveral()) {
                byKey.computeIfAbsent((argument.removes() ? "-" : "") + argument.key(), key -> new ArrayList<>())
                        .add(argument);
            }
        }
        byKey.values().forEach(this::repeated);
    }

    private void repeated(List<KernelArgument> same) {
        SequencedMap<String, KernelArgument> seen = new LinkedHashMap<>();
        for (KernelArgument argument : same) {
            if (seen.putIfAbsent(argument.text(), argument) != null) {
                add(
                        Oddity.REPETITION,
                        argument,
                        argument.quoted() + " is given more than once",
                        "once is enough",
                        "keep one of them");
            }
        }
        KernelArgument first = same.getFirst();
        if (seen.size() > 1 && !first.removes() && !REPEATABLE.contains(first.key())) {
            KernelArgument last = seen.lastEntry().getValue();
            add(
                    Oddity.REPETITION,
                    last,
                    first.key() + " has several values: "
                            + seen.values().stream().map(KernelArgument::quoted).collect(Collectors.joining(", ")),
                    "all of them are on the command line, and for most arguments the kernel takes the last",
                    "keep one of them");
        }
    }

    /** An extra console replaces all that an artifact has of its own. */
    private void consoles() {
        List<KernelArgument> given = arguments.stream()
                .filter(argument -> !argument.removes() && argument.key().equals(CONSOLE))
                .toList();
        if (given.isEmpty()) {
            return;
        }
        List<String> named = given.stream()
                .map(KernelArgument::value)
                .filter(Objects::nonNull)
                .toList();
        SequencedSet<String> lost = new LinkedHashSet<>();
        for (Artifact artifact : artifacts) {
            List<String> kinds = artifact.own.values(CONSOLE).stream()
                    .filter(own -> ArgumentChanges.isMissing(own, named))
                    .toList();
            if (!kinds.isEmpty()) {
                lost.add("%s loses %s".formatted(named(artifact), String.join(" and ", kinds)));
            }
        }
        if (!lost.isEmpty()) {
            add(
                    Oddity.CONSOLE_LOST,
                    given.getFirst(),
                    given.stream().map(KernelArgument::quoted).collect(Collectors.joining(", "))
                            + " replaces every console that Talos sets",
                    String.join(", ", lost),
                    "add the consoles to keep: console=tty0 for the screen, console=ttyS0 for the serial port");
        }
    }

    /** With its architecture if there are several. */
    private String named(Artifact artifact) {
        return artifacts.stream().allMatch(other -> other.architecture.equals(artifact.architecture))
                ? artifact.name
                : artifact.architecture + " " + artifact.name;
    }

    private static String whole(String key, String value) {
        return value.isEmpty() ? key : key + "=" + value;
    }

    private void add(Oddity oddity, KernelArgument argument, String what, String why, String remedy) {
        remarks.add(new Remark(oddity, argument.item(), what, why, remedy));
    }
}
