package dev.talosforge.debian;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where this machine gets Debian packages from, and where the same mirror keeps those of a newer release.
 *
 * <p>Uses only Debian's own archive, recognised by its component {@code main} and its release name. Other sources of
 * the machine do not matter here, and one that does not answer must not stop the lab.
 *
 * @param release of this machine: {@code bookworm}
 * @param newer release to take boot files from; {@code release} itself if that is new enough
 * @param stanzas of a deb822 sources file, in the order of the machine's files
 */
record AptSources(String release, String newer, List<String> stanzas) {
    /** Releases whose boot loader is too old for UKI profiles. */
    private static final List<String> OLD = List.of("bullseye", "bookworm");

    /** Fetching packages needs Debian. */
    static final String DEBIAN =
            "run it on Debian 12 or newer, or in such a container, with Debian's archive in apt's sources";

    private static final String NEWER = "trixie";
    private static final Pattern ONE_LINE =
            Pattern.compile("deb\\s+(?:\\[([^\\]]*)\\]\\s+)?(\\S+)\\s+(\\S+)\\s+(\\S.*)");
    private static final Pattern CODENAME = Pattern.compile("VERSION_CODENAME=\"?([a-z]+)\"?");

    AptSources {
        stanzas = List.copyOf(stanzas);
    }

    /**
     * Reads the machine's configuration.
     *
     * @param etc {@code /etc}, except in tests
     */
    static AptSources read(Path etc) throws IOException {
        String release = release(etc);
        String newer = OLD.contains(release) ? NEWER : release;
        List<String> stanzas = new ArrayList<>();
        for (SequencedMap<String, String> source : sources(etc.resolve("apt"))) {
            List<String> suites = words(source.get("Suites"));
            List<String> own =
                    suites.stream().filter(suite -> isOf(release, suite)).toList();
            if (own.isEmpty()
                    || !words(source.get("Types")).contains("deb")
                    || !words(source.get("Components")).contains("main")
                    || "no".equalsIgnoreCase(source.getOrDefault("Enabled", "yes"))) {
                continue;
            }
            stanzas.add(stanza(source, String.join(" ", own)));
            if (own.contains(release) && !newer.equals(release)) {
                stanzas.add(stanza(source, newer));
            }
        }
        if (stanzas.isEmpty()) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.ENVIRONMENT, "cannot take packages from Debian's archive")
                            .because("%s has no source of Debian packages for this machine's release, %s"
                                    .formatted(etc.resolve("apt"), release))
                            .trying(DEBIAN));
        }
        return new AptSources(release, newer, stanzas);
    }

    /** As a file below {@code sources.list.d}. */
    String text() {
        return String.join("\n", stanzas);
    }

    private static String release(Path etc) throws IOException {
        Path file = etc.resolve("os-release");
        Matcher codename = CODENAME.matcher(Files.exists(file) ? new String(OpenFile.read(file), UTF_8) : "");
        return codename.find() ? codename.group(1) : "unknown";
    }

    private static boolean isOf(String release, String suite) {
        return suite.equals(release) || suite.equals(release + "-updates") || suite.equals(release + "-security");
    }

    private static String stanza(Map<String, String> source, String suites) {
        StringBuilder text = new StringBuilder();
        source.forEach((name, value) -> {
            if (name.equals("Architectures") || name.equals("Targets")) {
                return; // the architectures to fetch are set elsewhere
            }
            String written = switch (name) {
                case "Types" -> "deb";
                case "Suites" -> suites;
                case "Components" -> "main";
                default -> value;
            };
            text.append(name).append(": ").append(written).append('\n');
        });
        // Not the extra lists for a software centre, which are just as large.
        return text.append("Targets: Packages\n").toString();
    }

    private static List<SequencedMap<String, String>> sources(Path apt) throws IOException {
        List<SequencedMap<String, String>> sources = new ArrayList<>();
        List<Path> files = new ArrayList<>(List.of(apt.resolve("sources.list")));
        Path parts = apt.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            try (Stream<Path> listed = Files.list(parts)) {
                files.addAll(listed.sorted().toList());
            }
        }
        for (Path file : files) {
            String name = file.toString();
            if (Files.isReadable(file) && name.endsWith(".list")) {
                new String(OpenFile.read(file), UTF_8).lines().forEach(line -> oneLine(line, sources));
            } else if (Files.isReadable(file) && name.endsWith(".sources")) {
                deb822(new String(OpenFile.read(file), UTF_8), sources);
            }
        }
        return sources;
    }

    /** The older format: {@code deb [option=value …] URI suite component…}. */
    private static void oneLine(String line, List<SequencedMap<String, String>> sources) {
        Matcher parts = ONE_LINE.matcher(line.replaceFirst("#.*", "").strip());
        if (!parts.matches()) {
            return;
        }
        SequencedMap<String, String> source = new LinkedHashMap<>();
        source.put("Types", "deb");
        source.put("URIs", parts.group(2));
        source.put("Suites", parts.group(3));
        source.put("Components", parts.group(4));
        for (String option : words(parts.group(1))) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.replaceFirst("=.*", "").toLowerCase(Locale.ROOT)) {
                case "signed-by" -> source.put("Signed-By", value);
                case "trusted" -> source.put("Trusted", value);
                case "check-valid-until" -> source.put("Check-Valid-Until", value);
                default -> {
                    // Architectures and languages: the lab sets its own.
                }
            }
        }
        sources.add(source);
    }

    private static void deb822(String text, List<SequencedMap<String, String>> sources) {
        SequencedMap<String, String> source = new LinkedHashMap<>();
        String last = "";
        for (String line : (Iterable<String>)
                Stream.concat(text.lines().filter(l -> !l.startsWith("#")), Stream.of(""))::iterator) {
            if (line.isBlank()) {
                if (source.containsKey("URIs")) {
                    sources.add(source);
                }
                source = new LinkedHashMap<>();
            } else if (Character.isWhitespace(line.charAt(0)) && source.containsKey(last)) {
                source.put(last, source.get(last) + "\n" + line);
            } else if (line.contains(":")) {
                last = fieldName(line.substring(0, line.indexOf(':')));
                source.put(last, line.substring(line.indexOf(':') + 1).strip());
            }
        }
    }

    /** Field names are case-insensitive. */
    private static String fieldName(String written) {
        return Stream.of("Types", "URIs", "Suites", "Components", "Enabled", "Architectures", "Signed-By")
                .filter(written::equalsIgnoreCase)
                .findFirst()
                .orElse(written);
    }

    private static List<String> words(@org.jspecify.annotations.Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split("\\s+")).filter(w -> !w.isEmpty()).toList();
    }
}
