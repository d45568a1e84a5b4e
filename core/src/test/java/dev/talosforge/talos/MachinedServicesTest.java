package dev.talosforge.talos;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.support.SampleElf;
import dev.talosforge.talos.service.ExtensionServices;
import dev.talosforge.talos.service.ServiceNotes;
import dev.talosforge.talos.service.ServiceReader;
import dev.talosforge.talos.service.ServiceRules;
import dev.talosforge.talos.service.ServiceSpec;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What we say to a service file, against what Talos did with it: its whole machined to 25 files, its reader alone to
 * 161, and runc to 64 mounts. Whatever does not run is refused or told before; whatever runs is not refused.
 */
class MachinedServicesTest {
    private static final String FILES = "usr/local/etc/containers/";
    private static final String ROOTS = "usr/local/lib/containers/";

    private static final List<String> VERSIONS = List.of("v1.11.5", "v1.12.11", "v1.13.9", "v1.14.1");

    /** What may be said to a file with which machined did this. */
    private static final Map<String, List<String>> FITTING = Map.of(
            "skipped", List.of("refused"),
            "failed", List.of("refused", "warned"),
            "restarting", List.of("refused", "warned"),
            "waiting", List.of("warned", "taken"),
            "running", List.of("warned", "taken"),
            "finished", List.of("warned", "taken"));

    private static List<JsonObject> rows(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(MachinedServicesTest.class.getResourceAsStream("/machined/" + name))) {
            List<JsonObject> rows = new ArrayList<>();
            for (Json item : ((Json.JsonArray) JsonReader.read(name, in.readAllBytes())).items()) {
                rows.add((JsonObject) item);
            }
            return rows;
        }
    }

    private static String text(JsonObject object, String key) {
        return Objects.requireNonNull(object.text(key), () -> key + " of " + object.compact());
    }

    private static TalosVersion version(String text) {
        return Objects.requireNonNull(TalosVersion.parse(text));
    }

    /** What is said for a version: the last that is said for it or an earlier one. */
    private static @Nullable String since(JsonObject byVersion, String version) {
        String message = null;
        for (String since : byVersion.members().keySet()) {
            TalosVersion first = version(since);
            if (version(version).atLeast(first.major(), first.minor(), first.patch())) {
                message = byVersion.text(since);
            }
        }
        return message;
    }

    private static void add(TreeBuilder extension, JsonObject row) throws IOException {
        String file = text(row, "file");
        extension.file(FILES + text(row, "case") + ".yaml", 0644, file);
        if (row.get("container") == null) {
            String root = ROOTS + file.lines().findFirst().orElse("").replace("name: ", "");
            extension
                    .file(root + "/bin/busybox", 0755, ByteSource.of(SampleElf.program(SampleElf.AMD64)))
                    .symlink(root + "/bin/sleep", "busybox");
        }
    }

    private static List<ServiceNotes.Note> notes(JsonObject row, List<JsonObject> all, String version)
            throws IOException {
        TreeBuilder extension = new TreeBuilder(0);
        add(extension, row);
        for (JsonObject other : all) {
            if (text(other, "case").equals(row.text("beside"))) {
                add(extension, other);
            }
        }
        return ExtensionServices.check(extension.build(), version(version), Architecture.AMD64);
    }

    private static String verdict(List<ServiceNotes.Note> notes) {
        if (notes.isEmpty()) {
            return "taken";
        }
        return notes.stream().anyMatch(ServiceNotes.Note::fatal) ? "refused" : "warned";
    }

    @Test
    void saysOfEachFileWhatMachinedDoesWithIt() throws IOException {
        List<JsonObject> all = rows("services.json");
        assertEquals(25, all.size());
        List<Executable> checks = new ArrayList<>();
        for (JsonObject row : all) {
            String name = text(row, "case") + ", " + text(row, "what");
            JsonObject wanted = Objects.requireNonNull(row.object("verdict"));
            for (String version : VERSIONS) {
                List<ServiceNotes.Note> notes = notes(row, all, version);
                checks.add(() -> assertEquals(
                        since(wanted, version), verdict(notes), () -> "%s, %s: %s".formatted(name, version, notes)));
            }
            JsonObject machined = Objects.requireNonNull(row.object("machined"));
            for (String version : machined.members().keySet()) {
                String state = text(Objects.requireNonNull(machined.object(version)), "state");
                checks.add(() -> assertTrue(
                        row.text("because") != null
                                || Objects.requireNonNull(FITTING.get(state), state)
                                        .contains(since(wanted, version)),
                        () -> "%s: %s, and %s is wanted of us".formatted(name, state, since(wanted, version))));
            }
        }
        assertAll(checks);
    }

    /**
     * Row 17b: what is said by validate, which has the file and not yet the rest of the extension, is no other verdict.
     */
    @Test
    void saysOfAFileAloneNothingThatTheRestContradicts() throws IOException {
        List<JsonObject> all = rows("services.json");
        int refused = 0;
        List<Executable> checks = new ArrayList<>();
        for (JsonObject row : all) {
            String name = text(row, "case");
            List<String> whole = notes(row, all, "v1.11.5").stream()
                    .map(ServiceNotes.Note::why)
                    .toList();
            for (ExtensionServices.Remark remark :
                    ExtensionServices.remarks(FILES + name + ".yaml", text(row, "file"), version("v1.11.5"))) {
                refused += remark.fatal() ? 1 : 0;
                checks.add(() -> assertTrue(whole.contains(remark.why()), () -> name + ": " + remark + " of " + whole));
            }
        }
        assertAll(checks);
        assertTrue(refused > 8, refused + " are refused without the rest");
        assertEquals(
                List.of(".container.security.writeableRootfs", ""),
                List.of(
                        ExtensionServices.remarks(FILES + "a.yaml", """
                                name: a
                                container:
                                  entrypoint: /x
                                  security: {writeableRootfs: "true"}
                                restart: always
                                """, version("v1.11.5"))
                                .getFirst()
                                .within(),
                        ExtensionServices.remarks(FILES + "a.yaml", "name: [", version("v1.11.5"))
                                .getFirst()
                                .within()));
    }

    @Test
    void saysThatNothingRetriesWhatFailsForGood() throws IOException {
        List<JsonObject> all = rows("services.json");
        for (JsonObject row : all) {
            JsonObject machined = Objects.requireNonNull(row.object("machined"));
            List<ServiceNotes.Note> notes = notes(row, all, "v1.11.5");
            if (text(Objects.requireNonNull(machined.object("v1.11.5")), "state")
                            .equals("failed")
                    && verdict(notes).equals("warned")) {
                assertTrue(notes.getFirst().why().contains("fails for good"), notes::toString);
                assertTrue(notes.getFirst().why().contains("is not retried"), notes::toString);
            }
        }
    }

    /** What of a file that is taken shows how a value was understood. */
    private static String understood(JsonObject row) throws IOException {
        ServiceSpec service = ServiceReader.read(
                "a.yaml", text(row, "file"), true, ServiceNotes.empty().in("a.yaml", text(row, "file")));
        ServiceSpec.Container container = Objects.requireNonNull(service).container();
        List<String> on = new ArrayList<>();
        if (service.logToConsole() != null) {
            on.add("logToConsole");
        }
        if (container.security().writeableRootfs()) {
            on.add("writeableRootfs");
        }
        if (container.security().writeableSysfs()) {
            on.add("writeableSysfs");
        }
        return "%s %s %s".formatted(texts(container.args()), texts(container.environment()), on);
    }

    private static List<String> texts(List<ServiceSpec.Word> words) {
        return words.stream().map(ServiceSpec.Word::text).toList();
    }

    @Test
    void understandsValuesAsTalosDoes() throws IOException {
        List<Executable> checks = new ArrayList<>();
        for (JsonObject row : rows("service-files.json")) {
            if (row.text("v1.11.5") == null) {
                String expected = "%s %s %s"
                        .formatted(
                                Json.texts(row.items("args")),
                                Json.texts(row.items("environment")),
                                Json.texts(row.items("on")));
                checks.add(() -> assertEquals(expected, understood(row), () -> text(row, "file")));
            }
        }
        assertTrue(checks.size() > 90, () -> checks.size() + " files are taken");
        assertAll(checks);
    }

    /** Why the reader or the rules of a file alone refuse it; mounts are not looked at, nor is the container. */
    private static List<String> read(String text, TalosVersion version) {
        ServiceNotes notes = ServiceNotes.empty().in(FILES + "a.yaml", text);
        ServiceSpec service = ServiceReader.read(FILES + "a.yaml", text, !version.atLeast(1, 14, 0), notes);
        if (service != null) {
            ServiceRules.check(service, version, notes);
        }
        return notes.all().stream()
                .filter(ServiceNotes.Note::fatal)
                .map(ServiceNotes.Note::why)
                .toList();
    }

    @Test
    void readsFilesAsTalosReadsThem() throws IOException {
        List<JsonObject> all = rows("service-files.json");
        assertEquals(161, all.size());
        List<Executable> checks = new ArrayList<>();
        for (JsonObject row : all) {
            for (String version : List.of("v1.11.5", "v1.14.0")) {
                List<String> message = read(text(row, "file"), version(version));
                checks.add(() -> assertEquals(
                        row.text(version) != null || row.text("stricter") != null,
                        !message.isEmpty(),
                        () -> "%s, %s: %s, and we: %s"
                                .formatted(text(row, "file"), version, row.text(version), message)));
            }
        }
        assertAll(checks);
    }

    @Test
    void mountsWhatRuncMounts() throws IOException {
        List<JsonObject> all = rows("mounts.json");
        assertEquals(64, all.size());
        List<Executable> checks = new ArrayList<>();
        for (JsonObject row : all) {
            JsonObject mount = Objects.requireNonNull(row.object("mount"));
            String file = "name: a\nrestart: always\ncontainer:\n  entrypoint: /a\n  mounts:\n    - " + mount.compact()
                    + "\n";
            TreeBuilder extension = new TreeBuilder(0)
                    .file(FILES + "a.yaml", 0644, file)
                    .file(ROOTS + "a/a", 0755, ByteSource.of(SampleElf.program(SampleElf.AMD64)));
            List<ServiceNotes.Note> notes =
                    ExtensionServices.check(extension.build(), version("v1.11.5"), Architecture.AMD64);
            String message = verdict(notes);
            checks.add(() -> {
                if (row.text("machined") != null) {
                    assertEquals("refused", message, mount::compact);
                } else if (row.text("refused") != null) {
                    assertFalse(message.equals("taken"), () -> mount.compact() + ": " + row.text("refused"));
                } else {
                    assertFalse(message.equals("refused"), () -> mount.compact() + ": " + notes);
                }
            });
        }
        assertAll(checks);
    }
}
