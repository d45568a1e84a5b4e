package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a unit does not write itself and its stage does not know is a note; a misspelt input of its own is an error. */
class InputsFromElsewhereTest {
    @TempDir
    Path folder;

    @BeforeEach
    void root() throws IOException {
        folder = folder.toRealPath();
        write("root.hcl", """
                inputs = {
                  account_name  = "acme"
                  talos_verison = "v1"
                }
                """);
        write("common.hcl", """
                locals {
                  all = { aws_region = "eu", kernel_arg = [] }
                }
                """);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void images(String inputs) throws IOException {
        write("images/terragrunt.hcl", """
                include "root" {
                  path   = find_in_parent_folders("root.hcl")
                  expose = true
                }
                terraform {
                  source = "../modules//talos_images"
                }
                locals {
                  common = read_terragrunt_config("../common.hcl").locals.all
                  own    = { talos_version = "v1.11.5", installer_registry = "ghcr.io/acme/installer" }
                  typo   = { iso_nam = "x.iso" }
                }
                inputs = %s
                """.formatted(inputs));
    }

    private CommandLineRun validate() {
        return CommandLineRun.in(folder, Map.of("HOME", folder.toString()), "-v", "validate")
                .withoutFolder(folder);
    }

    @Test
    void inputsOfAnIncludeAreANote() throws IOException {
        images("local.own");
        CommandLineRun run = validate();
        assertEquals(0, run.code(), run::err);
        assertEquals("""
                images                               talos_images
                    note: root.hcl:2:19: input "account_name" is unknown to talos_images and is ignored
                    note: root.hcl:3:19: input "talos_verison" is unknown to talos_images and is ignored; did you mean "talos_version"?
                1 unit, no problems, 1 warning
                """, run.out());
        assertFalse(CommandLineRun.in(folder, Map.of("HOME", folder.toString()), "validate")
                .out()
                .contains("note"));
    }

    @Test
    void inputsThatAreReadAreANote() throws IOException {
        images("merge(include.root.inputs, local.common, local.own)");
        CommandLineRun run = validate();
        assertEquals(0, run.code(), run::err);
        assertTrue(
                run.out()
                        .contains("note: input \"kernel_arg\" is unknown to talos_images and is ignored; did you mean"),
                run::out);
    }

    @Test
    void whatTheUnitWritesItselfIsChecked() throws IOException {
        images("merge(local.own, local.typo, { talos_versoin = \"v1\", vlan = 7 })");
        CommandLineRun run = validate();
        assertEquals(2, run.code());
        assertTrue(run.err().contains("""
                        error: unknown input "iso_nam" of images
                          where: images/terragrunt.hcl:11:24
                        """), run::err);
        assertTrue(run.err().contains("  try:   did you mean \"iso_name\"?\n"), run::err);
        assertTrue(run.err().contains("  try:   did you mean \"talos_version\"?\n"), run::err);
        assertEquals(1, run.err().split("known here: ", -1).length - 1, run::err);
    }

    /** The modules that the stages are called after have inputs of which they make nothing. */
    @Test
    void unusedInputsOfTheirModulesAreANote() throws IOException {
        images(
                "merge(local.own, { region = \"x\", upload_to_proxmox = true, proxmox_datastore_id = \"a\", proxmox_node_names = [\"a\"] })");
        CommandLineRun run = validate();
        assertEquals(0, run.code(), run::err);
        assertTrue(
                run.out().contains("input \"upload_to_proxmox\" is unknown to talos_images and is ignored\n"),
                run::out);
    }

    @Test
    void theirNamesAreReportedByMeaning() throws IOException {
        write("extension/terragrunt.hcl", """
                terraform {
                  source = "../modules//talos_extension"
                }
                inputs = {
                  extension_name    = "frr"
                  extension_version = "1"
                  registry          = "ghcr.io/acme"
                  frr_version       = "10"
                }
                """);
        String err = validate().err();
        assertTrue(err.contains("  try:   rename \"extension_name\" to \"name\"\n"), err);
        assertFalse(err.contains("extension_version\""), err); // also accepted here
        assertTrue(err.contains("  try:   it is called \"name\" here\n"), err);
        assertFalse(err.contains("to \"extension_registry\""), err);
        assertTrue(err.contains("  try:   write: sources = [{ debian_packages = [\"frr\"] }]\n"), err);
    }

    @Test
    void modulesThatTalosForgeReplacesAreReported() throws IOException {
        for (String module : new String[] {
            "talos_install_schematic", "talos_proxmox_image", "talos_custom_installer", "talos-custom-boot-iso"
        }) {
            write(module + "/terragrunt.hcl", """
                    terraform {
                      source = "git::https://git.test/x.git//modules/%s?ref=v1"
                    }
                    """.formatted(module));
        }
        CommandLineRun run = CommandLineRun.in(folder, Map.of("HOME", folder.toString()), "validate", "--strict");
        assertEquals(0, run.code(), run::err);
        assertEquals(4, run.err().split("\\[module-replaced\\]", -1).length - 1, run::err);
        assertTrue(run.err().contains("talos_images and talos_proxmox_upload take its place"), run::err);
    }

    @Test
    void aModuleWithTheInputsOfAStageIsReported() throws IOException {
        write("images/terragrunt.hcl", """
                terraform {
                  source = "../modules/boot-media"
                }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/installer"
                }
                """);
        assertTrue(validate().err().contains("its inputs are those of talos_images [module-near-ours]"));
    }
}
