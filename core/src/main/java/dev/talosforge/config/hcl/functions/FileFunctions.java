package dev.talosforge.config.hcl.functions;

import com.google.re2j.Pattern;
import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.FileAccess;
import dev.talosforge.config.hcl.eval.FunctionSet;
import dev.talosforge.config.hcl.eval.FunctionTable;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that read files or calculate paths. */
public final class FileFunctions {
    private static final FunctionSet<FileFunctions> ALL = all();

    private final FileAccess access;
    private final Path directory;
    private final @Nullable Path home;

    private FileFunctions(FileAccess access, Path directory, @Nullable Path home) {
        this.access = access;
        this.directory = directory;
        this.home = home;
    }

    /**
     * A table with the functions for one file.
     *
     * @param directory the folder that relative paths start from, absolute
     * @param home what {@code ~} stands for in {@code pathexpand}; null if it is not known
     */
    public static FunctionTable added(FunctionTable to, FileAccess access, Path directory, @Nullable Path home) {
        return to.with(ALL, new FileFunctions(access, directory, home));
    }

    private static FunctionSet<FileFunctions> all() {
        FunctionSet.Builder<FileFunctions> functions = new FunctionSet.Builder<FileFunctions>()
                .outside("file(path)", (files, a) -> Value.of(files.text(a, 0)))
                .outside("fileexists(path)", FileFunctions::exists)
                .outside("filebase64(path)", (files, a) -> Value.of(EncodingFunctions.base64(files.bytes(a))))
                .outside("templatefile(path, vars)", FileFunctions::template)
                .outside("fileset(path, pattern)", FileFunctions::matching)
                .of("basename(path)", (_, a) -> Value.of(lastName(a.text(0))))
                .of("dirname(path)", (_, a) -> Value.of(parent(a.text(0))))
                .of(
                        "abspath(path)",
                        (files, a) -> Value.of(
                                slashed(files.directory.resolve(a.text(0)).normalize())))
                .of("pathexpand(path)", (files, a) -> Value.of(files.expanded(a, 0)));
        for (String[] digest :
                new String[][] {{"md5", "MD5"}, {"sha1", "SHA-1"}, {"sha256", "SHA-256"}, {"sha512", "SHA-512"}}) {
            functions.outside(
                    "file" + digest[0] + "(path)",
                    (files, a) -> Value.of(EncodingFunctions.hex(digest[1], files.bytes(a))));
        }
        for (String[] digest : new String[][] {{"sha256", "SHA-256"}, {"sha512", "SHA-512"}}) {
            functions.outside(
                    "filebase64" + digest[0] + "(path)",
                    (files, a) ->
                            Value.of(EncodingFunctions.base64(EncodingFunctions.digest(digest[1], files.bytes(a)))));
        }
        return functions.build();
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    private Path path(Arguments arguments, int index) {
        try {
            return directory.resolve(expanded(arguments, index)).normalize();
        } catch (InvalidPathException e) {
            throw arguments.failure(index, "it is not a path: " + e.getReason());
        }
    }

    private Value exists(Arguments arguments) {
        Path file = path(arguments, 0);
        if (access.isFolder(file)) {
            throw arguments.failure(0, slashed(file) + " is a folder, not a file");
        }
        return Value.of(access.isFile(file));
    }

    private byte[] bytes(Arguments arguments) {
        Path file = path(arguments, 0);
        if (!access.isFile(file)) {
            throw arguments.failure(0, "there is no file " + slashed(file));
        }
        try {
            return access.read(file);
        } catch (IOException e) {
            throw new FunctionFailure(Kind.ENVIRONMENT, 0, "it cannot be read: " + e.getMessage(), null);
        }
    }

    private String text(Arguments arguments, int index) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(arguments)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FunctionFailure(Kind.INVALID_INPUT, index, "the file is not UTF-8 text", "use filebase64");
        }
    }

    private Value template(Arguments arguments) {
        return TemplateFunctions.render(
                arguments, arguments.evaluator(), SourceText.of(path(arguments, 0), text(arguments, 0)));
    }

    /** Names are relative to the folder, including those that the pattern finds outside of it. */
    private Value matching(Arguments arguments) {
        Path folder = path(arguments, 0);
        String pattern = tidied(arguments.text(1));
        String up = "";
        while (pattern.startsWith("../") && folder.getParent() != null) {
            folder = folder.getParent();
            pattern = pattern.substring(3);
            up += "../";
        }
        try {
            Pattern glob = GlobPattern.compile(pattern);
            String prefix = up;
            return Value.set(access.files(folder).stream()
                    .map(FileFunctions::slashed)
                    .filter(file -> glob.matcher(file).matches())
                    .map(file -> Value.of(prefix + file))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw arguments.failure(1, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new FunctionFailure(Kind.ENVIRONMENT, 0, "it cannot be searched: " + e.getMessage(), null);
        }
    }

    /** Removes doubled slashes, {@code .}, and {@code ..} if a name precedes it. */
    private static String tidied(String path) {
        List<String> kept = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!part.isEmpty() && !part.equals(".") && !(part.equals("..") && path.startsWith("/"))) {
                kept.add(part);
            }
        }
        return String.join("/", kept);
    }

    private static String withoutLastSlashes(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static String lastName(String path) {
        String trimmed = withoutLastSlashes(path);
        return trimmed.isEmpty() ? "." : trimmed.equals("/") ? "/" : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** Cut at the last slash and cleaned, whether or not anything follows the slash. */
    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        String folder = (path.startsWith("/") ? "/" : "") + tidied(path.substring(0, slash + 1));
        return folder.isEmpty() ? "." : folder;
    }

    private String expanded(Arguments arguments, int index) {
        String text = arguments.text(index);
        if (!text.startsWith("~")) {
            return text;
        }
        if (text.length() > 1 && text.charAt(1) != '/') {
            throw arguments.failure(index, "~ stands for your own home folder, not for that of another user");
        }
        if (home == null) {
            throw arguments.failure(index, "the home folder is not known: HOME is not set");
        }
        return "/" + tidied(slashed(home) + text.substring(1));
    }
}
