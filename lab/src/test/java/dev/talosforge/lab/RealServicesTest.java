package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.support.TalosMachine;
import dev.talosforge.testkit.Judge;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What machined does with good and broken service files, as {@code machined/services.json} has it: the data that our
 * own verdicts are compared with.
 */
@Tag("conformance")
@Tag("machines")
class RealServicesTest {
    private static final Path CASES = Path.of("core/src/test/resources/machined/services.json");
    private static final Pattern LINE = Pattern.compile("service\\[ext-(\\w+)\\]\\((\\w+)\\): ([^\\r\\n]*)");
    private static final Duration LIMIT = Duration.ofMinutes(8);

    static List<Judge> talos() {
        return Judge.all("talos");
    }

    @ParameterizedTest
    @MethodSource("talos")
    void machinedDoesWhatIsRecorded(Judge talos, @TempDir Path folder) throws Exception {
        List<JsonObject> cases = cases();
        SortedMap<String, String> recorded = new TreeMap<>();
        for (JsonObject one : cases) {
            recorded.put(text(one, "case"), state(one, "v" + talos.version()));
        }
        DebPackages packages = StandInMachine.packages();
        StandIns standIns = new StandIns(packages, Files.createDirectory(folder.resolve("base")));
        String version = "v" + talos.version();
        RealTalos real = RealTalos.in(Judge.folder(), version);
        BootMedium.Kernel medium = new StandInMachine(Files.createDirectory(folder.resolve("medium")))
                .layer("zoo", zoo(cases, StandInMachine.busybox(packages, folder.resolve("busybox"))))
                .medium(standIns.bases(version, real).getFirst().content(), null, "");
        String arguments =
                "talos.platform=metal console=ttyS0 net.ifnames=0 panic=-1 printk.devkmsg=on slab_nomerge pti=on";
        try (TalosMachine machine = new TalosMachine(Path.of("target/real-services/" + version), talos)
                .kernel(medium.kernel(), medium.initramfs(), arguments)
                .start()) {
            machine.awaitConsole(
                    message -> states(message, recorded).equals(recorded), LIMIT, () -> "not all as recorded");
        } catch (AssertionError e) {
            String message = Files.readString(Path.of("target/real-services", version, "console.log"));
            assertEquals(lines(recorded), lines(states(message, recorded)), e::getMessage);
            throw e;
        }
    }

    private static String lines(SortedMap<String, String> states) {
        StringBuilder text = new StringBuilder();
        states.forEach(
                (name, state) -> text.append(name).append(' ').append(state).append('\n'));
        return text.toString();
    }

    private static List<JsonObject> cases() throws IOException {
        return ((Json.JsonArray) JsonReader.read(CASES.toString(), Files.readAllBytes(CASES)))
                .items().stream().map(JsonObject.class::cast).toList();
    }

    private static String text(JsonObject object, String name) {
        return String.valueOf(object.text(name));
    }

    /** Of a version that does not do otherwise it is that of the first one. */
    private static String state(JsonObject one, String version) {
        JsonObject machined = object(one, "machined");
        JsonObject message = machined.object(version);
        return text(message == null ? object(machined, "v1.11.5") : message, "state");
    }

    private static JsonObject object(JsonObject parent, String name) {
        JsonObject found = parent.object(name);
        if (found == null) {
            throw new AssertionError("no " + name + " in " + parent.compact());
        }
        return found;
    }

    /** Every service file, and for each a root file system with a busybox, but for the one that is to have none. */
    private static dev.talosforge.tree.FileTree zoo(List<JsonObject> cases, ByteSource busybox) throws IOException {
        TreeBuilder root = new TreeBuilder(StandIns.MODIFIED);
        for (JsonObject one : cases) {
            String name = text(one, "case");
            root.file("usr/local/etc/containers/" + name + ".yaml", 0644, text(one, "file"));
            if (one.get("container") == null) {
                root.file("usr/local/lib/containers/" + name + "/bin/busybox", 0755, busybox)
                        .symlink("usr/local/lib/containers/" + name + "/bin/sh", "busybox")
                        .file("usr/local/lib/containers/" + name + "/etc/hosts", 0644, "");
            }
        }
        return root.build();
    }

    /** By what machined says on the console of each service; of a file that it skips it says nothing there. */
    private static SortedMap<String, String> states(String message, SortedMap<String, String> cases) {
        SortedMap<String, String> states = new TreeMap<>();
        cases.keySet().forEach(name -> states.put(name, "skipped"));
        Matcher line = LINE.matcher(message);
        while (line.find()) {
            String name = line.group(1);
            if (!"restarting".equals(states.get(name))) {
                states.put(name, state(line.group(2), line.group(3)));
            }
        }
        return states;
    }

    private static String state(String word, String text) {
        if (text.contains("going to restart forever")) {
            return "restarting";
        }
        return switch (word) {
            case "Running" -> "running";
            case "Failed" -> "failed";
            case "Finished" -> "finished";
            default -> "waiting";
        };
    }
}
