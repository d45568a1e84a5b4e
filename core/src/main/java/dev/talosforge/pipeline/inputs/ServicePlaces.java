package dev.talosforge.pipeline.inputs;

import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.service.ExtensionServices;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the service files of an extension are written: problems of the whole extension name a path on the node, which
 * the user does not have on disk.
 */
public final class ServicePlaces {
    /** The input with the service that an extension is, which is also what messages call it. */
    public static final String SERVICE = "service";

    private final InputReader in;
    private final Map<String, Path> onDisk = new TreeMap<>();
    private final Map<String, Where.Source> written = new TreeMap<>();
    private @Nullable String servicePath;
    private String serviceText = "";
    private boolean isText;

    ServicePlaces(InputReader in) {
        this.in = in;
    }

    /** A file of a folder. */
    void add(String path, Path file) {
        onDisk.put("/" + path, file);
    }

    /** A text in the unit; null if its place is unknown. */
    void add(String path, Where.@Nullable Source where) {
        if (where != null) {
            written.put("/" + path, where);
        }
    }

    /** The input {@code service}, which is a text in YAML or an object. */
    void addService(String path, String text, boolean isText) {
        servicePath = "/" + path;
        serviceText = text;
        this.isText = isText;
    }

    /** The same problem with its place in the tree, if that is known. */
    public Problem inTree(Problem problem) {
        if (!(problem.where() instanceof Where.Source place)) {
            return problem;
        }
        String path = place.file().toString();
        Path file = onDisk.get(path);
        if (path.equals(servicePath)) {
            String part = SERVICE + (isText ? "" : ExtensionServices.within(serviceText, place));
            return at(problem, in.place(SERVICE, part), isText ? place : null);
        }
        if (file != null) {
            Where.Source there = new Where.Source(file, place.line(), place.column(), place.length(), place.text());
            return at(problem, there, null);
        }
        return at(problem, written.get(path), place);
    }

    /** @param line named in the reason, because the place is that of the whole text; null if it is not */
    private static Problem at(Problem problem, Where.@Nullable Source where, Where.@Nullable Source line) {
        return where == null
                ? problem
                : Problem.failed(problem.kind(), problem.what())
                        .because(
                                line == null
                                        ? problem.why()
                                        : "%s (line %d of %s)".formatted(problem.why(), line.line(), line.file()))
                        .at(where)
                        .trying(problem.remedy());
    }
}
