package dev.talosforge.provenance;

import static dev.talosforge.provenance.FirstFormatValues.DIGEST;
import static dev.talosforge.provenance.FirstFormatValues.after;
import static dev.talosforge.provenance.FirstFormatValues.byArchitecture;
import static dev.talosforge.provenance.FirstFormatValues.digests;
import static dev.talosforge.provenance.FirstFormatValues.images;
import static dev.talosforge.provenance.FirstFormatValues.list;

import dev.talosforge.bytes.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the files of an extension were made of, in a record of the first format. */
final class FirstFormatSources {
    private static final String BUILD = "build: ";
    private static final String DIGESTS = "((?:[a-z0-9]+ )?" + DIGEST + "(?:, (?:[a-z0-9]+ )?" + DIGEST + ")*)";
    private static final Pattern ARCHIVE = Pattern.compile(DIGESTS + "(?:, strip ([0-9]{1,9}))?");
    private static final Pattern DOWNLOAD = Pattern.compile(DIGESTS + ", (.*), mode ([0-7]{4,6})");
    private static final Pattern FILE = Pattern.compile("(" + DIGEST + ")(, runnable)?(?:, |$)");

    /** Titles that have a name behind them, and in builds one before. */
    private static final Pattern OF_SOURCE = Pattern.compile("(build: )?"
            + "(order of sources$|Debian packages$|placement of |source image |dir |file |archive |download )(.*)");

    private FirstFormatSources() {}

    /**
     * Of a part that is none of installer and ISO; empty for what is not understood.
     *
     * @param titles of the whole record
     */
    static List<Part> of(String title, String value, Set<String> titles) {
        String file = after(title, "source file ");
        if (file != null) {
            return sourceFiles(file, value, titles);
        }
        Matcher source = OF_SOURCE.matcher(title);
        return source.matches()
                ? ofSource(source.group(1) != null, source.group(2).strip(), source.group(3), value)
                : ofBuild(title, value);
    }

    private static List<Part> ofSource(boolean inBuild, String kind, String name, String value) {
        return switch (kind) {
            case "order of sources" -> List.of(new Part.SourceOrder(inBuild, list(value)));
            case "Debian packages" -> List.of(new Part.DebianPackages(inBuild, list(value)));
            case "placement of" -> List.of(new Part.Placing(inBuild, name, value));
            case "source image" -> List.of(new Part.SourceImage(inBuild, name, images(name, value)));
            case "dir" -> each(value, digest -> new Part.Folder(inBuild, name, digest));
            case "file" -> each(value, digest -> new Part.TextFile(inBuild, name, digest));
            case "archive" -> {
                Matcher archive = ARCHIVE.matcher(value);
                yield archive.matches()
                        ? List.of(new Part.Archive(
                                inBuild,
                                name,
                                byArchitecture(archive.group(1)),
                                archive.group(2) == null ? 0 : Integer.parseInt(archive.group(2))))
                        : List.of();
            }
            default -> {
                Matcher file = DOWNLOAD.matcher(value);
                yield file.matches()
                        ? List.of(new Part.Download(
                                inBuild,
                                name,
                                byArchitecture(file.group(1)),
                                file.group(2),
                                Integer.parseInt(file.group(3), 8)))
                        : List.of();
            }
        };
    }

    /** A part for each digest of a value. */
    private static List<Part> each(String value, Function<Sha256, Part> part) {
        return digests(value).stream().map(part).toList();
    }

    private static List<Part> ofBuild(String title, String value) {
        String patch = after(title, BUILD + "patch ");
        String variable = after(title, BUILD + "variable ");
        if (title.equals(BUILD + "command")) {
            return each(value, Part.BuildCommand::new);
        }
        if (patch != null) {
            return each(value, digest -> new Part.BuildPatch(patch, digest));
        }
        return variable == null ? List.of() : List.of(new Part.BuildVariable(variable, value));
    }

    /** A folder may have slashes in its name: it is the longest that was recorded itself. */
    private static List<Part> sourceFiles(String title, String value, Set<String> titles) {
        String build = after(title, BUILD);
        String path = build == null ? title : build;
        String prefix = (build == null ? "" : BUILD) + "dir ";
        String folder = null;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (titles.contains(prefix + path.substring(0, slash))) {
                folder = path.substring(0, slash);
            }
        }
        if (folder == null) {
            return List.of();
        }
        String file = path.substring(folder.length() + 1);
        List<Part> files = new ArrayList<>();
        if (value.startsWith("-> ")) {
            files.add(new Part.SourceFile(build != null, folder, file, null, value.substring(3), false));
        } else if (value.equals("no file")) {
            files.add(new Part.SourceFile(build != null, folder, file, null, null, false));
        } else {
            Matcher content = FILE.matcher(value);
            int end = 0;
            while (content.lookingAt()) {
                files.add(new Part.SourceFile(
                        build != null, folder, file, Sha256.parse(content.group(1)), null, content.group(2) != null));
                end = content.end();
                content.region(end, value.length());
            }
            if (end < value.length()) {
                return List.of();
            }
        }
        return files;
    }
}
