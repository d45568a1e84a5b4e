package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.config.terragrunt.block.ParsedFiles;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are there and cannot be read as configuration. */
class UnreadableTest {
    @TempDir
    Path folder;

    private TreeFolder tree;

    @BeforeEach
    void tree() {
        tree = TreeFolder.in(folder);
    }

    private List<String> whole() {
        try {
            tree.open().evaluateAll();
            return List.of();
        } catch (BuildException e) {
            return e.problems().stream().map(this::text).toList();
        }
    }

    private String text(Problem problem) {
        return "%s %s: %s"
                .formatted(problem.kind(), problem.what(), problem.why())
                .replace(tree.root().toString(), "ROOT");
    }

    @Tag("reference")
    @Test
    void aPipeIsNotWaitedFor() throws Exception {
        tree.file("u/x", "");
        Path none = Files.createFile(tree.root().resolve("none"));
        RequiredTool.named("mkfifo", "coreutils").run(tree.root(), none, "u/terragrunt.hcl");
        tree.file("v/terragrunt.hcl", "locals {\n  x = read_terragrunt_config(\"../u/terragrunt.hcl\")\n}\n");
        assertEquals(
                "v/terragrunt.hcl:2:30+21 cannot call read_terragrunt_config: there is no file u/terragrunt.hcl",
                tree.problems("v"));
        Files.delete(tree.root().resolve("v/terragrunt.hcl"));
        assertEquals(
                List.of(
                        "INVALID_INPUT cannot read unit u: its terragrunt.hcl is neither a regular file nor a link to one"),
                whole());
    }

    @Test
    void aLinkThatLeadsNowhereIsNoMissingFile() throws IOException {
        tree.file("u/x", "");
        Files.createSymbolicLink(tree.root().resolve("u/terragrunt.hcl"), Path.of("terragrunt.hcl"));
        assertEquals(
                List.of(
                        "INVALID_INPUT cannot read unit u: its terragrunt.hcl is neither a regular file nor a link to one"),
                whole());
    }

    @Test
    void tooMuchIsRefusedWithTheLimit() throws IOException {
        tree.file("u/terragrunt.hcl", "#".repeat(5_000_000));
        assertEquals(
                List.of("INVALID_INPUT cannot read ROOT/u/terragrunt.hcl: it has 5000000 characters;"
                        + " the limit is 4194304"),
                whole());
        try (var file = new java.io.RandomAccessFile(
                tree.root().resolve("u/terragrunt.hcl").toFile(), "rw")) {
            file.setLength(1L << 33);
        }
        assertEquals(
                List.of("INVALID_INPUT cannot read ROOT/u/terragrunt.hcl: it has 8589934592 bytes;"
                        + " the limit is 16777216"),
                whole());
    }

    @Test
    void otherEncodingsAreNamed() throws IOException {
        tree.file("u/x", "");
        Files.write(tree.root().resolve("u/terragrunt.hcl"), new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0});
        assertEquals(
                List.of("INVALID_INPUT cannot read ROOT/u/terragrunt.hcl: it is UTF-16 text, expected UTF-8"), whole());
        Files.write(
                tree.root().resolve("u/terragrunt.hcl"),
                "\n# \u00e4\u00dc\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertEquals(
                List.of(
                        "INVALID_INPUT cannot read ROOT/u/terragrunt.hcl: it is not UTF-8 text: line 2 has the byte 0xe4"),
                whole());
    }

    @Test
    void theSystemsReasonsAreWords() {
        assertEquals("this user may not read /a", ParsedFiles.why(new AccessDeniedException("/a")));
        assertEquals("/a: Is a directory", ParsedFiles.why(new FileSystemException("/a", null, "Is a directory")));
        assertEquals("the system reports: Input/output error", ParsedFiles.why(new IOException("Input/output error")));
    }
}
