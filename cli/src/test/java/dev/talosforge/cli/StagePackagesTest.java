package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An extension with Debian packages that another program runs. */
@Tag("apt")
class StagePackagesTest {
    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
    }

    private JsonObject answer(String action, String packages) throws IOException {
        Files.writeString(folder.resolve("in.json"), """
                {"name": "tini", "version": "v1.0.0", "extension_registry": "oci:out", "container": "tini",
                 "service": "name: tini\\ncontainer:\\n  entrypoint: /usr/bin/tini-static\\nrestart: always\\n",
                 "sources": [%s]}
                """.formatted(packages));
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        CommandLineRun run =
                CommandLineRun.in(folder, environment, "stage", "extension", action, "--inputs", "in.json");
        assertEquals(0, run.code(), run::err);
        return JsonReader.readObject("answer", run.out().getBytes(UTF_8));
    }

    private static String digest(JsonObject answer) {
        return String.valueOf(answer.text("digest"));
    }

    /** Otherwise whoever compares plans would apply again after the apply that has written the lock. */
    @Test
    void aPlanHasThePackagesThatItsApplyWillLock() throws IOException {
        Path lock = folder.resolve("debian.lock.json");
        String one = "{\"debian_packages\": [\"tini\"]}";
        JsonObject plan = answer("plan", one);
        assertFalse(Files.exists(lock));
        assertTrue(plan.members().containsKey("debian_package tini"), plan::compact);
        assertFalse(plan.members().containsKey("debian_lock"), plan::compact);
        assertEquals(digest(plan), digest(answer("apply", one)));
        assertTrue(Files.exists(lock));
        assertEquals(plan, answer("plan", one));
        // A lock that lacks some is completed in the same way.
        String written = Files.readString(lock);
        String two = one + ", {\"debian_packages\": [\"tzdata\"], \"to\": \"/usr/local/other\"}";
        JsonObject more = answer("plan", two);
        assertEquals(written, Files.readString(lock));
        assertTrue(more.members().containsKey("debian_package tzdata"), more::compact);
        assertEquals(digest(more), digest(answer("apply", two)));
        assertEquals(more, answer("plan", two));
    }
}
