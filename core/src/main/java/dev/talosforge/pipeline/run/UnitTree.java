package dev.talosforge.pipeline.run;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.engine.Graph;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The units at or below a folder as a run needs them: what each is and what comes before it, without its inputs. A unit
 * that cannot be read is included with its problems, so that it stops only itself and its dependents.
 */
public final class UnitTree {
    /**
     * One unit.
     *
     * @param directory absolute
     * @param name its folder, from the folder that was asked about
     * @param needs folders of the units that come before it, whether or not they belong to the tree
     * @param excluded why it is not run; null if it is
     * @param withNeeds whether its dependencies are excluded with it
     * @param problems why it cannot be read or run; empty if it can
     * @param cyclic whether that is because it depends on itself through others; its {@code needs} are empty then
     */
    public record Node(
            Path directory,
            String name,
            @Nullable String module,
            List<Path> needs,
            @Nullable String excluded,
            boolean withNeeds,
            List<Problem> problems,
            boolean cyclic) {
        public Node {
            needs = List.copyOf(needs);
            problems = List.copyOf(problems);
        }

        Node excluded(@Nullable String why) {
            return new Node(directory, name, module, needs, why, withNeeds, problems, cyclic);
        }

        Node broken(Problem problem) {
            return new Node(directory, name, module, needs, excluded, withNeeds, List.of(problem), cyclic);
        }

        Node inCycle(Problem problem) {
            return new Node(directory, name, module, List.of(), excluded, withNeeds, List.of(problem), true);
        }

        public boolean managed() {
            return StageModule.isManaged(module);
        }

        /** Why nothing is done with a unit that is not ours, in any command. */
        public String whyNotManaged() {
            return module == null ? "it has no terraform block" : module + " is not a Talos Forge module";
        }

        /** Throws its problems. */
        public void check() {
            if (!problems.isEmpty()) {
                throw new BuildException(problems, null);
            }
        }
    }

    private static final String BY_ANOTHER = "a unit that depends on it excludes it";

    private final Path root;
    private final SequencedMap<Path, Node> nodes;

    private UnitTree(Path root, SequencedMap<Path, Node> nodes) {
        this.root = root;
        this.nodes = nodes;
    }

    /** Finds the units below the workspace's root. A folder without any is a problem. */
    static UnitTree discover(Workspace workspace, StateReader states) {
        List<DiscoveredUnit> found = workspace.discover();
        SequencedMap<Path, Node> nodes = new LinkedHashMap<>();
        SequencedMap<Path, Node> owners = new LinkedHashMap<>();
        for (DiscoveredUnit one : found) {
            Node node = node(one);
            nodes.put(node.directory(), withStateOfItsOwn(node, workspace, states, owners));
        }
        if (nodes.isEmpty()) {
            throw problem(
                    "cannot find a unit in " + workspace.root(),
                    "neither the folder nor any below it has a " + UnitFiles.FILE_NAME,
                    Remedy.sentence(
                            "specify the tree's folder: ",
                            Remedy.command(Verb.SAME).in("DIR")));
        }
        return new UnitTree(workspace.root(), heeded(nodes.values())).withoutCycles();
    }

    /** Units that depend on each other cannot run, and stop only their dependents. */
    private UnitTree withoutCycles() {
        SequencedMap<Path, Node> all = new LinkedHashMap<>(nodes);
        UnitTree tree = this;
        for (List<Path> cycle = graph().cycle();
                !cycle.isEmpty();
                cycle = tree.graph().cycle()) {
            Problem problem = Problem.failed(Problem.Kind.INVALID_INPUT, "cannot order the units below " + root)
                    .because("they depend on each other: "
                            + String.join(
                                    " -> ", cycle.stream().map(this::nameOf).toList()))
                    .trying("remove one of these dependency blocks");
            cycle.forEach(folder -> all.put(folder, node(folder).inCycle(problem)));
            tree = new UnitTree(root, all);
        }
        return tree;
    }

    /** Throws if units depend on each other: nothing runs then, as with Terragrunt. */
    void checkOrder() {
        List<Problem> problems = nodes.values().stream()
                .filter(Node::cyclic)
                .flatMap(node -> node.problems().stream())
                .distinct()
                .toList();
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }

    /** Also excludes the dependencies that an excluded unit excludes. */
    private static SequencedMap<Path, Node> heeded(Collection<Node> nodes) {
        Set<Path> excluded = new HashSet<>();
        nodes.stream().filter(Node::withNeeds).forEach(node -> excluded.addAll(node.needs()));
        SequencedMap<Path, Node> heeded = new LinkedHashMap<>();
        for (Node node : nodes) {
            boolean itself = node.excluded() != null && !node.excluded().equals(BY_ANOTHER);
            heeded.put(
                    node.directory(),
                    itself ? node : node.excluded(excluded.contains(node.directory()) ? BY_ANOTHER : null));
        }
        return heeded;
    }

    /** The unit in a folder, as if it were the only one. */
    static UnitTree one(Workspace workspace, Path folder) {
        SequencedMap<Path, Node> nodes = new LinkedHashMap<>();
        DiscoveredUnit unit = workspace.outline(folder);
        Node node = node(unit);
        boolean runs = unit instanceof DiscoveredUnit.Outline outline && !outline.excludedAlone();
        nodes.put(folder, runs ? node.excluded(null) : node);
        return new UnitTree(workspace.root(), nodes);
    }

    private static Node node(DiscoveredUnit unit) {
        return switch (unit) {
            case DiscoveredUnit.Outline outline ->
                new Node(
                        outline.directory(),
                        outline.name(),
                        outline.module(),
                        outline.dependencies(),
                        outline.excluded() ? "the unit excludes itself" : null,
                        outline.excluded() && outline.dependenciesExcluded(),
                        List.of(),
                        false);
            case DiscoveredUnit.Broken broken ->
                new Node(broken.directory(), broken.name(), null, List.of(), null, false, broken.problems(), false);
        };
    }

    /** If two units shared a state, the one applied last would overwrite the other's outputs. */
    private static Node withStateOfItsOwn(
            Node node, Workspace workspace, StateReader states, SequencedMap<Path, Node> owners) {
        if (node.module() == null) {
            return node;
        }
        Path state;
        try {
            RemoteState remote = workspace.remoteState(node.directory());
            if (remote != null && !remote.isLocal()) {
                return node;
            }
            state = states.declared(node.directory(), remote);
        } catch (BuildException e) {
            return node; // Reported when the unit's turn comes.
        }
        Node owner = owners.putIfAbsent(state, node);
        if (owner == null) {
            return node;
        }
        Problem problem = Problem.failed(Problem.Kind.INVALID_INPUT, "cannot keep the state of " + node.name())
                .because("%s keeps its state in the same place: %s".formatted(owner.name(), state))
                .trying(new Remedy.Write("remote_state", "path = \"${get_terragrunt_dir()}/terraform.tfstate\""));
        return node.broken(problem);
    }

    private static BuildException problem(String what, String why, Remedy remedy) {
        return new BuildException(
                Problem.failed(Problem.Kind.INVALID_INPUT, what).because(why).trying(remedy));
    }

    public Path root() {
        return root;
    }

    /** Each after its dependencies; among those that could come next, by path. */
    List<Node> ordered() {
        return graph().order().stream().map(this::node).toList();
    }

    /** In the order of their paths. */
    public List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    public Node node(Path directory) {
        Node node = nodes.get(directory);
        if (node == null) {
            throw new IllegalArgumentException("no unit of the tree: " + directory);
        }
        return node;
    }

    public boolean has(Path directory) {
        return nodes.containsKey(directory);
    }

    Graph<Path> graph() {
        return Graph.of(nodes.keySet(), folder -> node(folder).needs());
    }

    /**
     * The same tree with only some of its units; an empty choice is a problem. Dependencies that were excluded by a
     * unit outside the choice are included again.
     */
    UnitTree only(List<Node> chosen) {
        if (chosen.isEmpty()) {
            throw problem(
                    "cannot run anything in " + root,
                    "include and exclude leave no unit",
                    Remedy.sentence("run: ", Remedy.command(Verb.GRAPH)).then("   shows the units' names"));
        }
        return new UnitTree(root, heeded(chosen));
    }

    public String nameOf(Path folder) {
        return nameOf(root, folder);
    }

    /** A folder for people: relative to the requested folder, with slashes; the requested one by its own name. */
    public static String nameOf(Path root, Path folder) {
        String name = placeOf(root, folder);
        return name.equals(".") ? Workspace.nameOf(root) : name;
    }

    /** A folder relative to another one, with slashes; the same folder is ".". */
    public static String placeOf(Path root, Path folder) {
        String name = root.toAbsolutePath()
                .normalize()
                .relativize(folder.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
        return name.isEmpty() ? "." : name;
    }
}
