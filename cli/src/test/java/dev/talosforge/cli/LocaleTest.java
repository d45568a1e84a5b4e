package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.bytes.NameBytes;
import dev.talosforge.cli.text.UserLocale;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Row 9b: the locale that the program is started in reaches no byte. Real processes: Java looks at it when it starts.
 */
@Tag("reference")
class LocaleTest {
    private static final String MAIN = "dev.talosforge.cli.Main";
    private static final Path LAUNCHER = Path.of("scripts/locale.sh").toAbsolutePath();

    @TempDir
    Path folder = Path.of("");

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void units() throws IOException {
        folder = folder.toRealPath();
        for (String unit : List.of("plain", "g\u00fcnstig & gro\u00df")) {
            Path files = Files.createDirectories(folder.resolve(unit).resolve("files/Z\u00fcrich"));
            Files.writeString(files.resolve("gr\u00f6\u00dfe.txt"), "x");
            Files.writeString(files.resolve("\uD83D\uDE00"), "x");
            Files.createSymbolicLink(files.resolve("\u00c4"), Path.of("../Z\u00fcrich/gr\u00f6\u00dfe.txt"));
            Files.writeString(folder.resolve(unit).resolve("terragrunt.hcl"), """
                    terraform { source = "modules//talos_extension" }
                    inputs = {
                      name               = "hello"
                      version            = "v1.0.0"
                      description        = "f\u00fcr alle"
                      extension_registry = "oci:out"
                      sources            = [{ dir = "files", to = "usr/local/share" }]
                    }
                    """);
        }
    }

    /** @param launched whether by what the launcher does before it starts Java */
    private Ended java(boolean launched, Map<String, String> locale, String main, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>();
        if (launched) {
            command.addAll(List.of("bash", "-euo", "pipefail", "-c", ". \"$0\"; exec \"$@\"", LAUNCHER.toString()));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                main));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(locale);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("PATH", String.valueOf(System.getenv("PATH")));
        Process process = builder.start();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + command);
            }
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    /** From another folder. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The digest that an apply with an empty store publishes. */
    private String applied(boolean launched, Map<String, String> locale, String unit) throws Exception {
        String store = Files.createTempDirectory(folder, "store").toString();
        Ended ended = java(launched, locale, MAIN, "-C", unit, "--store", store, "apply");
        String digest = ended.out().replaceAll("(?s).*extension_digest +(sha256:[0-9a-f]{64}).*", "$1");
        assertEquals(0, ended.code(), ended.toString());
        assertEquals("sha256:".length() + 64, digest.length(), ended.toString());
        return digest;
    }

    @Test
    void theSameDigestInEveryLocale() throws Exception {
        String utf8 = applied(false, Map.of("LC_ALL", "C.UTF-8"), "plain");
        for (Map<String, String> locale :
                List.of(Map.<String, String>of(), Map.of("LC_ALL", "C"), Map.of("LANG", "xx_XX.ISO-8859-1"))) {
            assertEquals(utf8, applied(true, locale, "g\u00fcnstig & gro\u00df"), locale::toString);
        }
        assertEquals(utf8, applied(false, Map.of("LC_ALL", "POSIX"), "plain"), "without the launcher");
    }

    @Test
    void whatCannotBeReadWithoutTheLauncherIsRefused() throws Exception {
        // how Java shows the bytes of an umlaut where they are no characters
        assertEquals(new Ended(5, "", """
                error: cannot read the argument \ufffd\ufffdni
                  why:   the locale's character map, ANSI_X3.4-1968, cannot represent it
                  try:   export LC_ALL=C.UTF-8
                """), java(false, Map.of("LC_ALL", "C"), MAIN, "-C", "\u00fcni", "validate"));
        assertEquals(
                new Ended(5, "", """
                error: cannot read the variable TF_VAR_x
                  why:   the locale's character map, ANSI_X3.4-1968, cannot represent it
                  try:   export LC_ALL=C.UTF-8
                """),
                java(false, Map.of("LC_ALL", "C", "TF_VAR_x", "\u00fc"), MAIN, "-C", "plain", "validate"));
        Files.writeString(
                folder.resolve("plain/terragrunt.hcl"),
                Files.readString(folder.resolve("plain/terragrunt.hcl")).replace("\"files\"", "\"f\u00fcr\""));
        Ended path = java(false, Map.of("LC_ALL", "C"), MAIN, "-C", "plain", "validate");
        assertEquals(2, path.code(), path.toString());
        assertEquals("""
                error: cannot use the path "f\u00fcr"
                  why:   the locale's character map, ANSI_X3.4-1968, cannot represent it
                  try:   export LC_ALL=C.UTF-8
                """, path.err());
        Ended tree = java(false, Map.of("LC_ALL", "C"), MAIN, "-C", ".", "run-all", "plan");
        assertEquals("""
                error: cannot use the unit in g\ufffd\ufffdnstig & gro\ufffd\ufffd
                  why:   the locale's character map, ANSI_X3.4-1968, cannot represent it
                  try:   export LC_ALL=C.UTF-8
                """, tree.err());
        assertEquals(2, tree.code());
    }

    /** What a build works on, and what it leaves, has such names, too. */
    @Test
    void aTreeIsCopiedByItsBytes() throws Exception {
        Path from = folder.resolve("plain/files");
        assertEquals(
                new Ended(0, "", ""),
                java(
                        false,
                        Map.of("LC_ALL", "C"),
                        Copy.class.getName(),
                        from.toString(),
                        Files.createDirectory(folder.resolve("copy")).toString()));
        assertEquals(
                DiskTree.read(from).entries().stream().map(Object::toString).toList(),
                DiskTree.read(folder.resolve("copy")).entries().stream()
                        .map(entry ->
                                entry.toString().replace(folder.resolve("copy").toString(), from.toString()))
                        .toList());
    }

    /** A program that copies a tree. */
    static final class Copy {
        private Copy() {}

        public static void main(String[] arguments) throws IOException {
            DiskTree.write(DiskTree.read(Path.of(arguments[0])), Path.of(arguments[1]), _ -> {});
        }
    }

    /** Row 11: a working copy has them as an archive has. */
    @Test
    void namesThatAreNotUtf8AreKept() throws Exception {
        Path files = Files.createDirectory(folder.resolve("latin1"));
        Path name = Path.of(URI.create(files.toUri() + "Z%FCrich.txt"));
        Files.writeString(name, "x");
        Files.createSymbolicLink(files.resolve("link"), name.getFileName());
        List<String> expected = List.of("Z\\xfcrich.txt", "link -> Z\\xfcrich.txt");
        assertEquals(expected, names(files));
        Path copy = Files.createDirectory(folder.resolve("latin1-copy"));
        DiskTree.write(DiskTree.read(files), copy, _ -> {});
        assertEquals(expected, names(copy));
    }

    private static List<String> names(Path files) throws IOException {
        return DiskTree.read(files).entries().stream()
                .map(entry -> NameBytes.shown(
                        entry.path() + (entry instanceof Entry.Symlink link ? " -> " + link.target() : "")))
                .toList();
    }

    @Test
    void aNameThatLostACharacterIsRefusedByName() throws Exception {
        Path files = folder.resolve("plain/files");
        Map<String, String> environment = Map.of("HOME", folder.toString());
        Files.writeString(files.resolve("Z\ufffdrich.txt"), "x");
        assertEquals(new CommandLineRun(4, "", """
                error: cannot use sources[0] (dir files) of hello
                  why:   folder: Z\\xef\\xbf\\xbdrich.txt: contains U+FFFD, which marks a character that was lost earlier; rename it
                """), CommandLineRun.in(folder.resolve("plain"), environment, "plan"));
        Path unit = folder.resolve("plain/terragrunt.hcl");
        Files.writeString(unit, Files.readString(unit).replace("{ dir = ", "{ exclude = [\"Z*\"], dir = "));
        assertEquals(
                0,
                CommandLineRun.in(folder.resolve("plain"), environment, "plan").code());
    }

    /** Programs that are run for the user get what he has. */
    @Test
    void theUsersOwnLocaleContinues() {
        Map<String, String> process = new TreeMap<>(Map.of("LC_ALL", "C.UTF-8", "TALOS_FORGE_LC_ALL", "", "X", "y"));
        assertEquals(Map.of("X", "y"), UserLocale.environment(process));
        process.put("TALOS_FORGE_LC_ALL", "de_DE");
        assertEquals(Map.of("LC_ALL", "de_DE", "X", "y"), UserLocale.environment(process));
        assertEquals(Map.of("LC_ALL", "C"), UserLocale.environment(Map.of("LC_ALL", "C")));
        assertNull(UserLocale.problem(new String[] {"\u00fc"}, Map.of(), "/"));
    }
}
