package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.testkit.JudgedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small extension that is published to a registry under {@code acme/note:v1.2.3}.
 *
 * @param host what the registry is reached at, maybe by a proxy
 * @param folder of the unit, the store and all else
 */
record NoteUnit(JudgedRegistry registry, String host, Path folder) {
    String image() {
        return host + "/acme/note:v1.2.3";
    }

    /** @param others lines of inputs */
    private Path unit(String text, String others) throws IOException {
        Path unit = Files.createDirectories(folder.resolve("note"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules//talos_extension" }
                inputs = {
                  name = "note"
                  version = "v1.2.3"
                  extension_registry = "%s/acme/note"
                  sources = [{ files = { "usr/local/share/note" = "%s" } }]
                  %s
                }
                """.formatted(host, text, others));
        return unit;
    }

    CommandLineRun run(Path in, String... arguments) {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
        environment.put("DOCKER_CONFIG", registry.home().resolve("docker").toString());
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put("SOURCE_DATE_EPOCH", "1735689600");
        return CommandLineRun.in(in, environment, arguments);
    }

    CommandLineRun apply(String text, String others) throws IOException {
        return run(unit(text, others), "apply");
    }

    /** An apply that ends well. */
    CommandLineRun applied(String text, String others) throws IOException {
        CommandLineRun run = apply(text, others);
        assertEquals(0, run.code(), run::toString);
        return run;
    }

    /** What an apply has published, by its digest. */
    static String pinned(CommandLineRun applied) {
        return applied.out()
                .replaceFirst("(?s).*extension_image +(\\S+).*", "$1")
                .replace(":v1.2.3@", "@");
    }
}
