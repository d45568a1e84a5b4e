package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.support.JudgedTree;
import dev.talosforge.support.Terragrunt;
import dev.talosforge.testkit.Judge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Trees of shared artifacts with our modules in them. Nothing of them is changed but the names of images, what the
 * extension is made of, and the name of an input that Terraform reserves.
 *
 * @param folder in which they are made, with the program and its store
 */
record ModuleTrees(ArtifactsLab lab, Path folder) {
    static final String ARTIFACTS = "live/artifacts";
    static final String IMAGES = ARTIFACTS + "/images";
    static final String REGISTRY = ARTIFACTS + "/registry";
    static final String ISO = "build/talos-iso/talos-frr-v1.11.5-nocloud-amd64.iso";

    /** The consumers' modules, as far as they matter here. */
    private static final String CONSUMER = """
            terraform {
              backend "local" {}
            }
            variable "nodes" { type = any }
            output "nodes" { value = var.nodes }
            """;

    static ModuleTrees in(ArtifactsLab lab, Path folder) throws Exception {
        return new ModuleTrees(lab, folder.toRealPath());
    }

    Path store() {
        return folder.resolve("store");
    }

    /** The program, as a command. */
    private Path program() throws Exception {
        Path file = folder.resolve("talos-forge");
        Files.writeString(file, """
                #!/bin/sh
                exec '%s' --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m \\
                    -cp '%s' dev.talosforge.cli.Main "$@"
                """.formatted(
                        ProcessHandle.current().info().command().orElseThrow(), System.getProperty("java.class.path")));
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    /** For Terragrunt, OpenTofu and Terraform. */
    SortedMap<String, String> environment(Judge binary) throws Exception {
        Path configuration = folder.resolve("providers.tfrc");
        Files.writeString(
                configuration, """
                provider_installation {
                  filesystem_mirror { path = "%s" }
                }
                """.formatted(Judge.only("external").program().getParent()));
        SortedMap<String, String> environment = lab.environment(store());
        environment.put("TF_VAR_talos_forge", program().toString());
        environment.put("TF_CLI_CONFIG_FILE", configuration.toString());
        environment.put("TG_TF_PATH", binary.program().toString());
        return environment;
    }

    /** The example. */
    JudgedTree example(Judge judge, Judge binary) throws Exception {
        JudgedTree tree = copy(Path.of("examples/live"), "live", judge, binary);
        tree.file("modules/proxmox_compute/main.tf", CONSUMER);
        write(tree);
        return tree;
    }

    JudgedTree copy(Path from, String to, Judge judge, Judge binary) throws Exception {
        JudgedTree tree = JudgedTree.in(folder, judge, environment(binary));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = ArtifactsLab.here(Files.readString(file));
                tree.file(
                        to + "/" + from.relativize(file),
                        text.replaceFirst("(?m)^  version  ", "  extension_version  "));
            }
        }
        return tree;
    }

    static void write(JudgedTree tree) {
        CommandLineRun run = CommandLineRun.in(tree.root(), new TreeMap<>(), "module", "write", "--for", ARTIFACTS);
        assertEquals(0, run.code(), run::toString);
    }

    /** Ours, which has to end well. */
    CommandLineRun ours(JudgedTree tree, String unit, String... arguments) {
        CommandLineRun run = CommandLineRun.in(tree.at(unit), lab.environment(store()), arguments);
        assertEquals(0, run.code(), run::toString);
        return run;
    }

    static void replace(JudgedTree tree, String file, String before, String after) throws Exception {
        String text = Files.readString(tree.at(file));
        assertTrue(text.contains(before), text);
        tree.file(file, text.replace(before, after));
    }

    static JudgedTree with(JudgedTree tree, String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(tree.terragrunt().more());
        more.put(name, value);
        return new JudgedTree(
                tree.root(),
                new Terragrunt(tree.terragrunt().judge(), tree.terragrunt().home(), more));
    }

    /** What the plan of all units says. */
    static String plan(JudgedTree tree) throws Exception {
        Judge.Result planned = tree.real(ARTIFACTS, "run", "--all", "plan");
        return planned.out() + planned.err();
    }

    static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }
}
