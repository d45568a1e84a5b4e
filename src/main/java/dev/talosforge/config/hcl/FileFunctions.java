package dev.talosforge.config.hcl;

import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Functions that read files or calculate with paths. */
public final class FileFunctions {
    private final FileAccess access;
    private final Path directory;
    private final @Nullable Path home;

    private FileFunctions(FileAccess access, Path directory, @Nullable Path home) {
        this.access = access;
        this.directory = directory;
        this.home = home;
    }

    /**
     * The functions for one file.
     *
     * @param directory what relative paths start from, absolute
     * @param home what {@code ~} stands for in {@code pathexpand}; null when it is not known
     */
    public static List<Function> all(FileAccess access, Path directory, @Nullable Path home) {
        FileFunctions files = new FileFunctions(access, directory, home);
        List<Function> functions = new ArrayList<>(List.of(
                Function.outside("file", 1, 1, a -> Value.of(files.text(a, 0))),
                Function.outside("fileexists", 1, 1, a -> Value.of(access.isFile(files.path(a, 0)))),
                Function.outside("filebase64", 1, 1, a -> Value.of(EncodingFunctions.base64(files.bytes(a)))),
                Function.outside("templatefile", 2, 2, files::template),
                Function.outside("fileset", 2, 2, files::matching),
                Function.of("basename", 1, 1, a -> Value.of(lastName(a.text(0)))),
                Function.of("dirname", 1, 1, a -> Value.of(parent(a.text(0)))),
                Function.of("abspath", 1, 1, a -> Value.of(slashed(files.path(a, 0)))),
                Function.of("pathexpand", 1, 1, files::expand)));
        for (String[] digest :
                new String[][] {{"md5", "MD5"}, {"sha1", "SHA-1"}, {"sha256", "SHA-256"}, {"sha512", "SHA-512"}}) {
            functions.add(Function.outside(
                    "file" + digest[0], 1, 1, a -> Value.of(EncodingFunctions.hex(digest[1], files.bytes(a)))));
        }
        for (String[] digest : new String[][] {{"sha256", "SHA-256"}, {"sha512", "SHA-512"}}) {
            functions.add(Function.outside(
                    "filebase64" + digest[0],
                    1,
                    1,
                    a -> Value.of(EncodingFunctions.base64(EncodingFunctions.digest(digest[1], files.bytes(a))))));
        }
        return functions;
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    private Path path(Arguments arguments, int index) {
        try {
            return directory.resolve(arguments.text(index)).normalize();
        } catch (InvalidPathException e) {
            throw arguments.failure(index, "it is not a path: " + e.getReason());
        }
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
        Expression.Template template = HclParser.parseTemplate(SourceText.of(path(arguments, 0), text(arguments, 0)));
        Scope scope = Scope.empty();
        for (Map.Entry<String, Value> variable : arguments.members(1).entrySet()) {
            scope = scope.with(variable.getKey(), variable.getValue());
        }
        return arguments.evaluator().in(scope).evaluate(template);
    }

    private Value matching(Arguments arguments) {
        Path folder = path(arguments, 0);
        String pattern = arguments.text(1);
        try {
            // Java wants a folder before "**/", which may stand for none in these patterns.
            PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
            PathMatcher direct = folder.getFileSystem().getPathMatcher("glob:" + pattern.replace("**/", ""));
            return Value.set(access.files(folder).stream()
                    .filter(file -> matcher.matches(file) || (pattern.contains("**/") && direct.matches(file)))
                    .map(file -> Value.of(slashed(file)))
                    .toList());
        } catch (PatternSyntaxException e) {
            throw arguments.failure(1, "it is not a pattern: " + e.getDescription());
        } catch (IOException e) {
            throw new FunctionFailure(Kind.ENVIRONMENT, 0, "it cannot be searched: " + e.getMessage(), null);
        }
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

    /** Cut at the last slash and tidied, whether or not something stands behind it. */
    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return ".";
        }
        String folder = slashed(
                Path.of(path.substring(0, Math.max(1, slash)).replace("\0", "")).normalize());
        return folder.isEmpty() ? "." : folder;
    }

    private Value expand(Arguments arguments) {
        String text = arguments.text(0);
        if (!text.equals("~") && !text.startsWith("~/")) {
            return Value.of(text);
        }
        if (home == null) {
            throw arguments.failure(0, "the home folder is not known: HOME is not set");
        }
        return Value.of(slashed(home) + text.substring(1));
    }
}
