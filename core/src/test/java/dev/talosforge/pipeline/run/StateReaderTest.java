package dev.talosforge.pipeline.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.config.unit.StateHome;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Where;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.Publication;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.state.StateFile;
import dev.talosforge.talos.TalosVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a unit's state is, and which of two records of its last apply counts. */
class StateReaderTest {
    private static final StateReader STATES = new StateReader(null);
    private static final String SOURCE = "../../modules//talos_images";

    @TempDir
    private Path folder;

    private Path unit;

    @BeforeEach
    void unit() throws IOException {
        unit = Files.createDirectories(folder.toRealPath().resolve("live/images"));
    }

    private static StateHome home(String backend, String path) {
        SequencedMap<String, Value> config = new LinkedHashMap<>();
        config.put("path", new Value.Text(path));
        return new StateHome(
                SOURCE,
                new RemoteState(backend, config, new Where.Source(Path.of("root.hcl"), 1, 1, 1, ""), null, false));
    }

    private void ourModule() throws IOException {
        Path module = Files.createDirectories(folder.toRealPath().resolve("modules/talos_images"));
        assertTrue(Files.exists(Path.of("modules/talos_images/forge.tf")));
        Files.writeString(module.resolve("forge.tf"), "");
    }

    @Test
    void aRelativeStateIsWhereTerragruntRunsOurModule() throws Exception {
        StateHome relative = home("local", "states/a.tfstate");
        StateHome none = new StateHome(SOURCE, null);
        assertEquals(unit.resolve("states/a.tfstate"), STATES.path(unit, relative));
        assertEquals(unit.resolve("terraform.tfstate"), STATES.path(unit, none));

        ourModule();
        Path working = Files.createDirectories(unit.resolve(".terragrunt-cache"));
        for (StateHome home : List.of(relative, none)) {
            Path state = STATES.path(unit, home);
            assertTrue(state.startsWith(working), state::toString);
            assertTrue(
                    state.endsWith(
                            home.equals(none) ? "talos_images/terraform.tfstate" : "talos_images/states/a.tfstate"),
                    state::toString);
        }
        Path elsewhere = folder.resolve("states/a.tfstate");
        assertEquals(elsewhere, STATES.path(unit, home("local", elsewhere.toString())));
        assertEquals(unit.resolve("states/a.tfstate"), STATES.declared(unit, relative.remote()));

        // From before the module: it counts until it is moved.
        Files.createDirectories(unit.resolve("states"));
        Files.writeString(unit.resolve("states/a.tfstate"), "");
        assertEquals(unit.resolve("states/a.tfstate"), STATES.path(unit, relative));
    }

    @Test
    void outputsOfAStateElsewhereAreHidden() {
        assertEquals(unit.resolve(".talos-forge/terraform.tfstate"), STATES.path(unit, home("s3", "ignored")));
        assertEquals(
                unit.resolve(".talos-forge/terraform.tfstate.d/w/terraform.tfstate"),
                new StateReader("w").path(unit, home("http", "ignored")));
    }

    private static ApplyRecord record(String version) {
        return new ApplyRecord(
                StageKind.IMAGES, List.of(new Part.TalosRelease(Objects.requireNonNull(TalosVersion.parse(version)))));
    }

    private static SequencedMap<String, Json> outputs(String version) {
        SequencedMap<String, Json> outputs = new LinkedHashMap<>();
        outputs.put("talos_version", Json.of(version));
        return outputs;
    }

    private static Publication publication(String version) {
        return Publication.of(outputs(version), 1, null);
    }

    /** As one of our modules leaves it. */
    private void moduleApplied(Path state, String version) throws IOException {
        JsonObject kept =
                record(version).toJson(publication(version)).with("outputs", new JsonObject(outputs(version)));
        String encoded = Base64.getEncoder().encodeToString(kept.compact().getBytes(StandardCharsets.UTF_8));
        Files.writeString(state, """
                {"version": 4, "serial": 3, "lineage": "l",
                 "outputs": {"talos_version": {"value": "%s", "type": "string"}},
                 "resources": [{"mode": "managed", "type": "terraform_data", "name": "outputs", "instances":
                   [{"attributes": {"output": {"value": {"record": "%s"}}}}]}]}
                """.formatted(version, encoded));
    }

    private RecordedApply last() throws IOException {
        return STATES.lastApply(unit, new StateHome(null, null));
    }

    @Test
    void theRecordThatBelongsToTheOutputsCounts() throws Exception {
        Path state = unit.resolve("terraform.tfstate");
        assertEquals(new TreeMap<>(), last().outputs());
        assertNull(last().record());

        StateFile.at(state).record(outputs("v1.11.5"));
        record("v1.11.5").write(state, publication("v1.11.5"));
        assertEquals(record("v1.11.5").parts(), parts());

        moduleApplied(state, "v1.12.0");
        assertEquals(record("v1.12.0").parts(), parts());
        assertEquals(outputs("v1.12.0"), last().outputs());

        StateFile.at(state).record(outputs("v1.13.0"));
        record("v1.13.0").write(state, publication("v1.13.0"));
        assertEquals(record("v1.13.0").parts(), parts());
        assertEquals(outputs("v1.13.0"), last().outputs());
    }

    private List<Part> parts() throws IOException {
        ApplyRecord record = last().record();
        assertNotNull(record);
        assertNull(last().damage());
        return record.parts();
    }

    @Test
    void aDamagedRecordOfAModuleIsSaid() throws Exception {
        Path state = unit.resolve("terraform.tfstate");
        moduleApplied(state, "v1.12.0");
        String text = Files.readString(state);
        String kept = text.replaceAll("(?s).*\"record\": \"([^\"]*)\".*", "$1");
        String damaged =
                new String(Base64.getDecoder().decode(kept), StandardCharsets.UTF_8).replace("made_of", "made");
        Files.writeString(
                state,
                text.replace(kept, Base64.getEncoder().encodeToString(damaged.getBytes(StandardCharsets.UTF_8))));
        assertNull(last().record());
        assertEquals(
                "the record of the last apply in %s is damaged and is ignored: record of the last apply at offset 0 (0x0): \"made_of\" is missing or cannot be read"
                        .formatted(state),
                last().damage());
        assertEquals(outputs("v1.12.0"), last().outputs());
    }
}
