package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import dev.talosforge.problem.Wording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * A unit to start an extension from: it can be validated and applied as it is, into a folder beside it.
 *
 * @param name of the extension, its container and its service
 * @param folder the unit's
 * @param build whether its program is built from source, instead of one from Debian
 * @param wording of the commands that its page names
 */
public record ExtensionScaffold(String name, Path folder, boolean build, Wording wording) {
    /** Where the unit publishes until it has a registry: a folder of the unit. */
    public static final String TARGET = "image";

    /** Its first version, which is its tag. */
    public static final String VERSION = "v0.1.0";

    private static final String UNIT = """
            # @NAME@: a system extension for Talos Linux, made by Talos Forge.

            terraform {
              # Tells Talos Forge what this unit is. Talos Forge runs it itself; the folder need not exist.
              source = "modules//talos_extension"
            }

            inputs = {
              name        = "@NAME@"
              version     = "@VERSION@"
              author      = ""
              description = "What @NAME@ is good for."

              talos_compatibility = ">= v1.10.0"

              # A folder beside this file, to try it at once. Later: "ghcr.io/ACCOUNT/@NAME@"
              extension_registry = "oci:@TARGET@"
              architectures      = ["amd64"]

              # Sources go to usr/local/lib/containers/@NAME@, the container's root file system, unless they set `to`.
              container = "@NAME@"

            @SOURCES@
              # How Talos runs it.
              service = {
                container = {
            @CONTAINER@
                }
                depends = [{ network = ["addresses"] }]
                restart = "always"
              }
            }
            """;

    private static final String PACKAGE_SOURCES = """
              sources = [
                # Programs and all they depend on, pinned in debian.lock.json: commit that file.
                { debian_packages = ["busybox-static"] },

                # Files of this folder, placed from the container's root.
                { dir = "files" },
              ]
            """;

    private static final String BUILD_SOURCES = """
              sources = [
                { build = {
                  # Compilers and libraries, pinned in debian.lock.json: commit that file.
                  # For arm64: "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"
                  debian_packages = ["gcc", "libc6-dev"]
                  sources         = [{ dir = "src" }]
                  patches         = []
                  command         = <<-EOF
                    $TARGET-gcc -O2 -Wall -static -s -o main main.c
                    install -D main $OUTPUT/usr/bin/main
                  EOF
                } },
              ]
            """;

    private static final String PROGRAM = """
            #include <stdio.h>
            #include <sys/sysinfo.h>
            #include <unistd.h>

            /* Prints once a minute how long the machine has been up; talosctl logs ext-@NAME@ shows it. */
            int main(void) {
                struct sysinfo info;
                while (sysinfo(&info) == 0) {
                    printf("up for %ld s\\n", info.uptime);
                    fflush(stdout);
                    sleep(60);
                }
                return 1;
            }
            """;

    private static final String PAGE = """
            <!doctype html>
            <title>@NAME@</title>
            <p>@NAME@ says hello.
            """;

    private static final String README = """
            # @NAME@

            A system extension for Talos Linux. `terragrunt.hcl` describes its contents.

                @VALIDATE@
                @APPLY@
                @INSPECT@

            On a machine it runs as the service `ext-@NAME@`: `talosctl service ext-@NAME@`, `talosctl logs ext-@NAME@`.
            @ABOUT@
            """;

    /** Fails if the name is invalid, or the folder is not empty. */
    public List<Path> write() throws IOException {
        check();
        Files.createDirectories(folder);
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, String> file : files().entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            OpenFile.write(path, file.getValue().getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
            written.add(path);
        }
        return written;
    }

    private void check() throws IOException {
        if (!name.matches(ExtensionInputs.NAME)) {
            throw refused(
                    "\"%s\" is not a valid name: lower-case letters, digits and . _ - are allowed".formatted(name),
                    null);
        }
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw refused("%s exists and is not a folder".formatted(folder), another());
        }
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw refused("%s is not empty".formatted(folder), another());
            }
        }
    }

    private static Remedy another() {
        return Remedy.sentence("specify another one with ", Remedy.give(RunOption.TARGET));
    }

    private BuildException refused(String why, @org.jspecify.annotations.Nullable Remedy remedy) {
        return new BuildException(
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot create a new extension %s".formatted(name))
                        .because(why)
                        .trying(remedy));
    }

    private SequencedMap<String, String> files() {
        SequencedMap<String, String> files = new LinkedHashMap<>();
        String container = build ? "      entrypoint = \"/usr/bin/main\"" : """
                      entrypoint = "/usr/bin/busybox"
                      args       = ["httpd", "-f", "-p", "8080", "-h", "/srv"]
                """.stripTrailing();
        String unit = UNIT.replace("@SOURCES@", build ? BUILD_SOURCES : PACKAGE_SOURCES)
                .replace("@CONTAINER@", container);
        files.put("terragrunt.hcl", filled(unit));
        files.put(build ? "src/main.c" : "files/srv/index.html", filled(build ? PROGRAM : PAGE));
        String about = build
                ? "Its program is `src/main.c`, built in a sandbox, which needs `bwrap` on this machine."
                : "It serves `files/srv/index.html` on port 8080.";
        files.put(
                "README.md",
                filled(README.replace("@ABOUT@", about)
                        .replace("@VALIDATE@", wording.of(Remedy.command(Verb.VALIDATE)))
                        .replace("@APPLY@", wording.of(Remedy.command(Verb.APPLY)))
                        .replace("@INSPECT@", wording.of(Remedy.command(Verb.INSPECT, "oci:@TARGET@:@VERSION@")))));
        files.put(".gitignore", filled("/@TARGET@/\n/terraform.tfstate*\n/.terraform.tfstate*\n"));
        return files;
    }

    private String filled(String template) {
        return template.replace("@NAME@", name).replace("@VERSION@", VERSION).replace("@TARGET@", TARGET);
    }
}
