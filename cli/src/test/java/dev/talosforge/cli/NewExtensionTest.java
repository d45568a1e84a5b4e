package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.testkit.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From nothing to an extension that holds what the written unit says. */
class NewExtensionTest {
    /** Tool chains and packages are fetched and unpacked once. */
    private static final Path STORE = Path.of("target/test-store").toAbsolutePath();

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");

    @BeforeEach
    void real() throws Exception {
        folder = temporary.toRealPath();
    }

    private CommandLineRun run(Path in, String... args) {
        return CommandLineRun.in(
                        in,
                        Map.of(
                                "HOME",
                                folder.toString(),
                                "PATH",
                                String.valueOf(System.getenv("PATH")),
                                "TALOS_FORGE_STORE",
                                STORE.toString(),
                                "SOURCE_DATE_EPOCH",
                                "1735689600"),
                        args)
                .withoutFolder(folder);
    }

    @Test
    void writesAUnitAndSaysHowToGoOn() throws Exception {
        assertEquals(new CommandLineRun(0, """
                wrote hello/terragrunt.hcl
                wrote hello/files/srv/index.html
                wrote hello/README.md
                wrote hello/.gitignore

                next:
                  talos-forge -C hello validate
                  talos-forge -C hello apply
                  talos-forge inspect oci:hello/image:v0.1.0
                then set extension_registry in hello/terragrunt.hcl to a registry, and use the extension in the images unit:
                  custom_extensions = [dependency.extension.outputs.extension_image]
                """, ""), run(folder, "extension", "new", "hello"));
        assertEquals(
                """
                {"directory":"%s/made","files":["terragrunt.hcl","src/main.c","README.md",".gitignore"]}
                """.formatted(folder).replace(folder + "/", ""),
                run(folder, "extension", "new", "other", "--dir", "made", "--with-build", "--json")
                        .out());
    }

    @Test
    void writesOverNothing() throws Exception {
        Path there = Files.createDirectory(folder.resolve("there"));
        Files.writeString(there.resolve("file"), "kept");
        assertEquals(
                new CommandLineRun(2, "", """
                error: cannot create a new extension hello
                  why:   there is not empty
                  try:   specify another one with --dir
                """),
                run(folder, "extension", "new", "hello", "--dir", "there").withoutFolder(folder));
        assertEquals(new CommandLineRun(2, "", """
                error: cannot create a new extension hello
                  why:   there/file exists and is not a folder
                  try:   specify another one with --dir
                """), run(folder, "extension", "new", "hello", "--dir", "there/file"));
        assertEquals("kept", Files.readString(there.resolve("file")));
    }

    @Test
    void aNameIsWhatTheManifestTakes() {
        assertEquals(new CommandLineRun(2, "", """
                error: cannot create a new extension ../Hello
                  why:   "../Hello" is not a valid name: lower-case letters, digits and . _ - are allowed
                """), run(folder, "extension", "new", "../Hello"));
        assertEquals(2, run(folder, "extension", "new").code());
        assertEquals(new CommandLineRun(2, "", """
                error: cannot understand the command line
                  why:   missing command: new
                  try:   run: talos-forge extension --help
                """), run(folder, "extension"));
    }

    @Tag("reference")
    @ParameterizedTest
    @ValueSource(strings = {"", "--with-build"})
    void whatIsWrittenIsValidAndBuilds(String option) throws Exception {
        RequiredTool.named("apt-get", "apt");
        RequiredTool.named("bwrap", "bubblewrap");
        List<String> args =
                option.isEmpty() ? List.of("extension", "new", "hello") : List.of("extension", "new", "hello", option);
        assertEquals(0, run(folder, args.toArray(String[]::new)).code());
        Path unit = folder.resolve("hello");

        assertEquals(new CommandLineRun(0, """
                hello                                talos_extension
                1 unit, no problems
                """, ""), run(unit, "validate", "--strict"));

        CommandLineRun applied = run(unit, "apply");
        assertEquals(0, applied.code(), applied::err);
        CommandLineRun seen = run(folder, "inspect", "oci:" + unit.resolve("image") + ":v0.1.0");
        assertEquals(0, seen.code(), seen::err);
        assertTrue(seen.out().contains("\n  hello  v0.1.0 "), seen::out);
        Path lock = unit.resolve("debian.lock.json");
        assertTrue(Files.isRegularFile(lock));

        CommandLineRun again = run(unit, "apply");
        assertEquals(applied.out(), again.out());
        assertEquals(
                !option.isEmpty(),
                again.err().lines().anyMatch(line -> line.matches("hello +build sources\\[0\\] +1 file +reused")),
                again::err);
    }
}
