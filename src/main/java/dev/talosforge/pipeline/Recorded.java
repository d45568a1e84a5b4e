package dev.talosforge.pipeline;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.config.MockPolicy;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.state.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the last apply of an images unit recorded.
 *
 * @param installer where the installer was put
 * @param pushed whether the installer was published
 * @param whole whether the record of the parts belongs to the recorded outputs
 * @param parts what it was made of, by the names that a plan shows
 */
public record Recorded(
        ImagePlace installer,
        Sha256 installerDigest,
        boolean pushed,
        Path iso,
        Sha256 isoDigest,
        String talosVersion,
        boolean whole,
        SequencedMap<String, String> parts) {
    /** Reads the unit in a folder; one that is no images unit, or was never applied, is an input that is wrong. */
    public static Recorded read(Path folder, RunSettings settings) throws IOException {
        Looking looking = Looking.atOne(folder, "verify", MockPolicy.UNKNOWN_ALLOWED, settings);
        UnitTree.Node node = looking.tree().nodes().getFirst();
        node.check();
        if (!ImagesInputs.MODULE.equals(node.module())) {
            throw refused(
                    folder,
                    "it is no unit of the module %s".formatted(ImagesInputs.MODULE),
                    "run it in the folder of such a unit, or name both: talos-forge verify --installer REFERENCE --iso FILE");
        }
        Path state = looking.states().path(node.directory(), looking.workspace().remoteState(node.directory()));
        SequencedMap<String, Json> outputs = StateFile.at(state).outputs();
        if (outputs == null || outputs.isEmpty()) {
            throw refused(folder, "nothing is recorded for it", "run: talos-forge apply");
        }
        return of(state, node.directory(), outputs, Made.read(state));
    }

    private static Recorded of(Path state, Path unit, SequencedMap<String, Json> outputs, @Nullable Made made)
            throws IOException {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        boolean whole = false;
        if (made != null) {
            made.plan("", null).lines().forEach(line -> parts.put(line.name(), line.value()));
            Publication publication = made.publication();
            whole = publication != null && publication.outputs().equals(Publication.identity(new TreeMap<>(outputs)));
        }
        String iso = text(state, outputs, "iso_sha256");
        try {
            return new Recorded(
                    ImagePlace.parse(text(state, outputs, "installer_image"), unit),
                    Sha256.parse(text(state, outputs, "installer_digest")),
                    !parts.getOrDefault("installer", "").endsWith(Made.NOT_PUSHED),
                    unit.resolve(text(state, outputs, "iso_path")).normalize(),
                    new Sha256(iso),
                    text(state, outputs, "talos_version"),
                    whole,
                    parts);
        } catch (IllegalArgumentException e) {
            throw new FormatException("Terraform state " + state, 0, String.valueOf(e.getMessage()));
        }
    }

    private static String text(Path state, SequencedMap<String, Json> outputs, String name) throws FormatException {
        if (outputs.get(name) instanceof JsonText(String text)) {
            return text;
        }
        throw new FormatException("Terraform state " + state, 0, "has no output " + name);
    }

    private static BuildException refused(Path folder, String why, String remedy) {
        return new BuildException(
                new Problem(Problem.Kind.INVALID_INPUT, "cannot verify " + folder, null, why, remedy), null);
    }
}
