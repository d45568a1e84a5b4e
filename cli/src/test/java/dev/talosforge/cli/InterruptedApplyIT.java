package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.state.StateFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C at any moment, and two runs at the same time: nothing is left half done. */
@Tag("registry")
class InterruptedApplyIT {
    private static final String ISO = "iso/talos-v1.11.5-nocloud-amd64.iso";

    @TempDir
    static @Nullable Path folder;

    private static @Nullable SmallWorld world;

    /** Of an apply that nobody disturbed. */
    private static SequencedMap<String, Json> whole = new java.util.TreeMap<>();

    private static SmallWorld world() {
        assertNotNull(world);
        return world;
    }

    private static Path store(String name) {
        return world().folder().resolve("store-" + name);
    }

    @BeforeAll
    static void applyOnce() throws Exception {
        assertNotNull(folder);
        world = SmallWorld.in(folder);
        Path unit = world().unit("whole");
        assertEquals("", ended(world().apply(unit, store("whole")), 0));
        whole = outputs(unit);
        assertEquals(
                text(whole, "iso_sha256"),
                Sha256.of(ByteSource.of(unit.resolve(ISO))).hex());
        assertEquals(text(whole, "installer_digest"), tag("whole"));
    }

    @AfterAll
    static void endTheRegistry() {
        if (world != null) {
            world.registry().close();
        }
    }

    /** Reads all the process says, waits for its end and checks its exit code; what is no event is returned. */
    private static String ended(Process process, int code) throws Exception {
        StringBuilder others = new StringBuilder();
        StringBuilder all = new StringBuilder();
        try (BufferedReader lines = process.errorReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                all.append(line).append('\n');
                if (!line.startsWith("{\"type\":")) {
                    others.append(line).append('\n');
                }
            }
        }
        assertTrue(process.waitFor(300, TimeUnit.SECONDS));
        assertEquals(code, process.exitValue(), all::toString);
        return others.toString();
    }

    private static SequencedMap<String, Json> outputs(Path unit) throws IOException {
        SequencedMap<String, Json> outputs =
                StateFile.at(unit.resolve("terraform.tfstate")).outputs();
        assertNotNull(outputs);
        return outputs;
    }

    private static String text(SequencedMap<String, Json> outputs, String name) {
        return outputs.get(name) instanceof Json.JsonText(String text) ? text : "no " + name;
    }

    /** The digest that the registry has under a tag of the installer, or null. Everything it names is there. */
    private static @Nullable String tag(String tag) throws IOException {
        Path storage = world().registry().storage().resolve("docker/registry/v2");
        Path link = storage.resolve("repositories/acme/installer/_manifests/tags/" + tag + "/current/link");
        if (!Files.exists(link)) {
            return null;
        }
        String digest = Files.readString(link).strip();
        JsonObject manifest = JsonReader.readObject("manifest", Files.readAllBytes(blob(storage, digest)));
        for (Json layer : manifest.items("layers")) {
            String named = layer instanceof JsonObject object ? String.valueOf(object.text("digest")) : "";
            assertEquals(named, Sha256.of(ByteSource.of(blob(storage, named))).toString());
        }
        return digest;
    }

    private static Path blob(Path storage, String digest) {
        String hex = digest.substring("sha256:".length());
        return storage.resolve("blobs/sha256/%s/%s/data".formatted(hex.substring(0, 2), hex));
    }

    /** Whatever has a final name is whole, and nothing else is there. */
    private static void nothingIsHalfDone(Path unit, Path store) throws IOException {
        nothingIsHalfDone(unit, store, _ -> false);
    }

    /** What the next pull goes on with. */
    private static boolean isKeptForTheNextPull(String name) {
        return name.matches("\\.pull-[0-9a-f]{64}-[0-9]+\\.part");
    }

    private static void nothingIsHalfDone(Path unit, Path store, Predicate<String> kept) throws IOException {
        for (Path root : List.of(unit, store)) {
            if (!Files.exists(root)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = String.valueOf(file.getFileName());
                    if (kept.test(name)) {
                        continue;
                    }
                    assertFalse(name.endsWith(".part") || name.endsWith(".new"), file::toString);
                    assertFalse(file.startsWith(store.resolve("tmp")), file::toString);
                    if (file.startsWith(store.resolve("blobs"))) {
                        assertEquals(name, Sha256.of(ByteSource.of(file)).hex(), file::toString);
                    }
                }
            }
        }
        Path iso = unit.resolve(ISO);
        if (Files.exists(iso)) {
            assertEquals(
                    text(whole, "iso_sha256"), Sha256.of(ByteSource.of(iso)).hex());
        }
        String tag = tag(String.valueOf(unit.getFileName()));
        if (tag != null) {
            assertEquals(text(whole, "installer_digest"), tag);
        }
    }

    private static void interruptAt(Process process, String event, int milliseconds) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
        StringBuilder all = new StringBuilder();
        boolean sent = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            all.append(line).append('\n');
            if (!sent && line.contains(event)) {
                Thread.sleep(milliseconds);
                int status = new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor();
                assertTrue(status == 0 || (milliseconds > 0 && !process.isAlive()), all::toString);
                sent = true;
            }
        }
        assertTrue(process.waitFor(300, TimeUnit.SECONDS));
        assertTrue(sent, all::toString);
        if (milliseconds == 0) {
            assertEquals(130, process.exitValue(), all::toString);
            assertTrue(all.toString().endsWith("interrupted: nothing was left half done\n"), all::toString);
        } else { // it may have come to its end by then
            assertTrue(List.of(0, 130).contains(process.exitValue()), all::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pull, 'step_started\",\"unit\":\"UNIT\",\"step\":\"pull', 0",
        "pulling, 'step_started\",\"unit\":\"UNIT\",\"step\":\"pull hello', 60",
        "unpack, 'step_started\",\"unit\":\"UNIT\",\"step\":\"unpack', 0",
        "squashfs, 'step_started\",\"unit\":\"UNIT\",\"step\":\"squashfs', 0",
        "installer, 'step_started\",\"unit\":\"UNIT\",\"step\":\"installer', 0",
        "writing, 'step_progress\",\"unit\":\"UNIT\",\"step\":\"ISO', 0",
        "push, 'step_started\",\"unit\":\"UNIT\",\"step\":\"push', 0",
        "pushing, 'step_started\",\"unit\":\"UNIT\",\"step\":\"push', 80",
    })
    void afterCtrlCNothingIsHalfDoneAndTheNextApplyIsWhole(String tag, String event, int milliseconds)
            throws Exception {
        Path unit = world().unit(tag);
        interruptAt(world().apply(unit, store(tag)), event.replace("UNIT", tag), milliseconds);
        nothingIsHalfDone(unit, store(tag), InterruptedApplyIT::isKeptForTheNextPull);
        if (milliseconds == 0) {
            assertFalse(Files.exists(unit.resolve("terraform.tfstate")));
        }

        assertEquals("", ended(world().apply(unit, store(tag)), 0));
        nothingIsHalfDone(unit, store(tag));
        assertEquals(text(whole, "iso_sha256"), text(outputs(unit), "iso_sha256"));
        assertEquals(text(whole, "installer_digest"), tag(tag));
    }

    @Test
    void ofTwoAppliesOfOneUnitTheSecondIsRefused() throws Exception {
        Path unit = world().unit("same");
        Process first = world().apply(unit, store("same"));
        BufferedReader lines = first.errorReader(UTF_8);
        String line = lines.readLine();
        while (line != null && !line.contains("step_started")) {
            line = lines.readLine();
        }
        String refused = ended(world().apply(unit, store("same")), 5);
        assertEquals(
                """
                error: cannot apply %s
                  why:   the state %s is locked: apply by %s since T (lock ID …)
                  try:   wait for it to end, then run the command again
                """.formatted(unit, unit.resolve("terraform.tfstate"), System.getProperty("user.name")),
                refused.replaceAll("lock ID [0-9a-f-]{36}", "lock ID …").replaceAll("since [0-9TZ:-]+", "since T"));
        assertEquals("", ended(first, 0));
        assertEquals(text(whole, "iso_sha256"), text(outputs(unit), "iso_sha256"));
        nothingIsHalfDone(unit, store("same"));
    }

    @Test
    void twoUnitsAreAppliedAtOnceOnOneStore() throws Exception {
        Path left = world().unit("left");
        Path right = world().unit("right");
        Process first = world().apply(left, store("both"));
        Process second = world().apply(right, store("both"));
        String[] message = new String[1];
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                message[0] = ended(first, 0);
            } catch (Exception | AssertionError e) {
                message[0] = e.toString();
            }
        });
        assertEquals("", ended(second, 0));
        reader.join();
        assertEquals("", message[0]);
        for (Path unit : List.of(left, right)) {
            assertEquals(text(whole, "iso_sha256"), text(outputs(unit), "iso_sha256"));
            nothingIsHalfDone(unit, store("both"));
        }
    }
}
