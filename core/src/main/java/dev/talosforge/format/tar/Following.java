package dev.talosforge.format.tar;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a folder's path, following symbolic links as if the tree's root were the machine's: absolute targets start
 * there, and {@code ..} does not lead out of it. containerd ({@code fs.RootPath}) and umoci
 * ({@code securejoin.SecureJoin}) do the same, and neither follows more than 255 links per path. Missing parts are
 * taken literally.
 */
final class Following {
    private static final int MAX_LINKS = 255;

    /** Limit for all paths of a tree that have links, in steps: a layer of a few megabytes could require billions. */
    private static final int MAX_STEPS = 1 << 24;

    private final Function<String, @Nullable Entry> entries;
    private int steps;

    Following(Function<String, @Nullable Entry> entries) {
        this.entries = entries;
    }

    /** The folder's real path, without links; {@code "."} is the root. */
    String folder(String path) throws FormatException {
        return hasLink(path) ? followed(path) : path;
    }

    /** Almost no path has a link. */
    private boolean hasLink(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (entries.apply(path.substring(0, slash)) instanceof Entry.Symlink) {
                return true;
            }
        }
        return entries.apply(path) instanceof Entry.Symlink;
    }

    private String followed(String path) throws FormatException {
        Deque<String> left = new ArrayDeque<>(List.of(path.split("/", -1)));
        List<String> done = new ArrayList<>();
        int links = 0;
        while (!left.isEmpty()) {
            String step = left.pop();
            if (++steps > MAX_STEPS || done.size() > FileTree.MAX_DEPTH) {
                throw new FormatException("tar archive", 0, "%s follows too many links in total".formatted(path));
            }
            if (step.equals("..")) {
                if (!done.isEmpty()) {
                    done.removeLast();
                }
            } else if (!step.isEmpty() && !step.equals(".")) {
                done.add(step);
                if (entries.apply(String.join("/", done)) instanceof Entry.Symlink link) {
                    if (++links > MAX_LINKS) {
                        throw new FormatException(
                                "tar archive", 0, "%s follows more than %d links".formatted(path, MAX_LINKS));
                    }
                    done.removeLast();
                    if (link.target().startsWith("/")) {
                        done.clear();
                    }
                    List<String> steps = new ArrayList<>(List.of(link.target().split("/", -1)));
                    Collections.reverse(steps);
                    steps.forEach(left::push);
                }
            }
        }
        return done.isEmpty() ? "." : String.join("/", done);
    }
}
