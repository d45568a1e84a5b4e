package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.extension.Composition;
import dev.talosforge.extension.Placed;
import dev.talosforge.extension.Source;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ServiceFile;
import dev.talosforge.pipeline.inputs.ServicePlaces;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.extension.Extension;
import dev.talosforge.talos.extension.ExtensionContents;
import dev.talosforge.talos.extension.ExtensionContents.Rule;
import dev.talosforge.talos.extension.ExtensionContents.Violation;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/** Assembles the files of an extension's image from its sources, and checks them by Talos' rules. */
final class ExtensionAssembly {
    private static final String ROOTFS = "rootfs";

    /** The number of files shown for one source and one rule: the first ones suffice. */
    private static final int MAX_LISTED = 10;

    /** What group and others may not do. */
    private static final int BY_OTHERS = 0022;

    private final SourceReader reader;
    private final ExtensionInputs inputs;
    private final long created;

    ExtensionAssembly(SourceReader reader) {
        this.reader = reader;
        this.inputs = reader.inputs();
        this.created = reader.created();
    }

    /** The image's files: exactly manifest.yaml and rootfs. Fails with all problems. */
    FileTree make() throws IOException, InterruptedException {
        Composition composition = reader.compose("extension " + inputs.name(), inputs.sources(), inputs.usualFolder());
        ServiceFile service = inputs.service();
        if (service != null) {
            composition.add(new Placed(ServicePlaces.SERVICE, serviceFile(service), parents(service)));
        }
        if (!composition.problems().isEmpty()) {
            throw new BuildException(composition.problems(), null);
        }
        FileTree rootfs = composition.tree();
        List<Problem> problems = violations(composition, rootfs);
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        FileTree image = image(rootfs);
        ExtensionImage made = new ExtensionImage(inputs.target().toString(), image, false, reader.architecture());
        for (Problem warning : load(made).warnings()) {
            reader.context()
                    .events()
                    .warning(reader.unit(), inputs.places().inTree(warning).line());
        }
        return image;
    }

    private Extension load(ExtensionImage made) {
        try {
            return (inputs.rulesNamed()
                            ? ExtensionImage.load(List.of(made), inputs.rules())
                            : ExtensionImage.loadForAny(List.of(made), inputs.rules()))
                    .getFirst();
        } catch (BuildException e) {
            throw new BuildException(
                    e.problems().stream().map(inputs.places()::inTree).toList(), e);
        }
    }

    private FileTree serviceFile(ServiceFile service) throws IOException {
        return new TreeBuilder(created)
                .file(service.path(), 0644, service.text())
                .build();
    }

    private static Set<String> parents(ServiceFile service) {
        Set<String> parents = new java.util.HashSet<>();
        for (String path = FileTree.parentOf(service.path()); !path.equals("."); path = FileTree.parentOf(path)) {
            parents.add(path);
        }
        return parents;
    }

    private FileTree image(FileTree rootfs) throws IOException {
        TreeBuilder tree = new TreeBuilder(created);
        tree.directory(ROOTFS, 0755);
        tree.file("manifest.yaml", 0644, ByteSource.of(manifest().toBytes()));
        for (Entry entry : rootfs.entries()) {
            String path = ROOTFS + "/" + entry.path();
            tree.add(
                    entry instanceof Entry.HardLink link
                            ? new Entry.HardLink(path, link.attributes(), ROOTFS + "/" + link.target())
                            : entry.withPath(path));
        }
        return tree.build();
    }

    private ExtensionManifest manifest() {
        return new ExtensionManifest(
                inputs.name(),
                inputs.version(),
                inputs.author(),
                inputs.description(),
                inputs.talosCompatibility(),
                "");
    }

    /** Files from one source that break one rule are one problem. */
    private List<Problem> violations(Composition composition, FileTree rootfs) {
        SequencedMap<Group, List<String>> groups = new LinkedHashMap<>();
        for (Violation violation : ExtensionContents.violations(rootfs, inputs.rules())) {
            String from = Objects.requireNonNull(composition.origin(violation.path()), violation.path());
            groups.computeIfAbsent(new Group(from, violation.rule()), _ -> new ArrayList<>())
                    .add(violation.path());
        }
        List<Problem> problems = new ArrayList<>();
        groups.forEach((group, paths) -> problems.add(
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use %s of %s".formatted(group.from(), inputs.name()))
                        .because("%s: %s".formatted(why(group.rule()), listed(paths)))
                        .trying(remedy(group, rootfs, paths))));
        return problems;
    }

    private record Group(String from, Rule rule) {}

    private static String listed(List<String> paths) {
        String first = "/" + String.join(", /", paths.subList(0, Math.min(MAX_LISTED, paths.size())));
        return paths.size() <= MAX_LISTED ? first : "%s and %d more".formatted(first, paths.size() - MAX_LISTED);
    }

    private String why(Rule rule) {
        return switch (rule) {
            case WORLD_WRITABLE -> "they are world-writable, which is not allowed in extensions";
            case SET_ID -> "they are setuid or setgid, which is not allowed in extensions";
            case SPECIAL_FILE -> "they are devices or pipes, which are not allowed in extensions";
            case WHITEOUT ->
                "names that begin with .wh. mark removed files in an image's layers, so these would vanish";
            case PLACE ->
                "Talos %s accepts no extension with files in these places"
                        .formatted(inputs.rules().text());
        };
    }

    /** The remedy for the shown files; further files need the same. */
    private String remedy(Group group, FileTree rootfs, List<String> paths) {
        List<String> listed = paths.subList(0, Math.min(MAX_LISTED, paths.size()));
        List<String> patterns = new ArrayList<>();
        List<String> modes = new ArrayList<>();
        for (String path : listed) {
            Entry entry = Objects.requireNonNull(rootfs.get(path), path);
            String pattern =
                    "\"%s%s\"".formatted(inSource(group.from(), path), entry instanceof Entry.Directory ? "/" : "");
            patterns.add(pattern);
            modes.add("%s = \"%04o\"".formatted(pattern, entry.attributes().permissions() & 0777 & ~BY_OTHERS));
        }
        String more = paths.size() > listed.size() ? ", …" : "";
        String exclude = "exclude = [%s%s]".formatted(String.join(", ", patterns), more);
        String given = "set in it: modes = { %s%s }".formatted(String.join(", ", modes), more);
        return switch (group.rule()) {
            case WORLD_WRITABLE -> given;
            case SET_ID -> given + ", or " + exclude;
            case SPECIAL_FILE, WHITEOUT -> "set in it: " + exclude;
            case PLACE -> "put them below usr/local with container or to, or exclude them";
        };
    }

    /** A path as a pattern for the source that it comes from. */
    private String inSource(String from, String path) {
        for (Source.Item item : inputs.sources()) {
            String to = item.placement().to() == null
                    ? inputs.usualFolder()
                    : item.placement().to();
            if (item.toString().equals(from) && !to.isEmpty()) {
                return path.substring(to.length());
            }
        }
        return "/" + path;
    }
}
