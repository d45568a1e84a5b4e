package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inputs from outside are read as Terraform reads variables: text, numbers and bools as they are, all else as an
 * expression. {@code tofu plan -var} says the same of variables of these types.
 */
class OutsideInputsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void units() throws IOException {
        unit("images", """
                terraform {
                  source = "../modules//talos_images"
                }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/installer"
                  kernel_args        = ["nosmt"]
                }
                """);
        unit("upload", """
                terraform {
                  source = "../modules//talos_proxmox_upload"
                }
                inputs = {
                  iso_path             = "x.iso"
                  iso_name             = "x.iso"
                  proxmox_datastore_id = "local"
                  proxmox_node_names   = ["pve01"]
                }
                """);
        unit("extension", """
                terraform {
                  source = "../modules//talos_extension"
                }
                inputs = {
                  name               = "a"
                  version            = "v1"
                  extension_registry = "ghcr.io/acme/a"
                }
                """);
    }

    private void unit(String name, String text) throws IOException {
        Path unit = Files.createDirectories(folder.resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), text);
    }

    private CommandLineRun run(String unit, Map<String, String> environment, String... args) {
        return CommandLineRun.in(folder.resolve(unit), environment, args);
    }

    @Test
    void aListIsAnExpression() {
        CommandLineRun run = run("images", Map.of("TF_VAR_kernel_args", "[\"quiet\", \"a=b\"]"), "render");
        assertEquals(0, run.code(), run::err);
        assertEquals("[\"quiet\",\"a=b\"]", member(run, "kernel_args"));
        assertEquals(
                "[\"console=ttyS0\"]",
                member(run("images", Map.of(), "--var", "kernel_args=[\"console=ttyS0\"]", "render"), "kernel_args"));
        assertEquals(
                0,
                run("upload", Map.of("TF_VAR_proxmox_node_names", "[\"a\", \"b\"]"), "validate")
                        .code());
        assertEquals(
                0,
                run(
                                "extension",
                                Map.of(),
                                "--var",
                                "sources=[{ files = { \"usr/local/share/a\" = \"b\" } }]",
                                "validate")
                        .code());
    }

    /** The option wins over the variable. */
    @Test
    void textIsTakenAsItIs() {
        CommandLineRun run =
                run("upload", Map.of("TF_VAR_iso_name", "[b].iso"), "--var", "iso_name=[\"a\"].iso", "render");
        assertEquals("\"[\\\"a\\\"].iso\"", member(run, "iso_name"));
        assertEquals(
                """
                error: cannot use input "talos_version" of images
                  where: TF_VAR_talos_version
                  why:   it is not a version of Talos: ""v1.11.5""
                """,
                run("images", Map.of("TF_VAR_talos_version", "\"v1.11.5\""), "validate")
                        .err());
    }

    @Test
    void whatIsNoListIsReportedOnceWithWhatSetsIt() {
        assertEquals(
                """
                error: cannot use input "kernel_args" of images
                  where: TF_VAR_kernel_args
                  why:   expected a list of texts, and this cannot be read as one: no names are known here
                  try:   write a value as in a file: TF_VAR_kernel_args='["…"]'
                """,
                run("images", Map.of("TF_VAR_kernel_args", "quiet"), "validate").err());
        assertEquals(
                """
                error: cannot use input "proxmox_node_names" of upload
                  where: --var proxmox_node_names
                  why:   it is text, expected a list of texts
                  try:   write a value as in a file: --var 'proxmox_node_names=["…"]'
                """,
                run("upload", Map.of(), "--var", "proxmox_node_names=\"pve01\"", "validate")
                        .err());
    }

    private static String member(CommandLineRun run, String name) {
        String compact = run.out()
                .replaceAll("\\s*\n\\s*", "")
                .replaceAll("\":\\s*", "\":")
                .replaceAll(",\\s*\"", ",\"");
        int start = compact.indexOf("\"" + name + "\":") + name.length() + 3;
        int end = compact.indexOf(compact.charAt(start) == '[' ? "]" : "\",", start + 1) + 1;
        return compact.substring(start, end);
    }
}
