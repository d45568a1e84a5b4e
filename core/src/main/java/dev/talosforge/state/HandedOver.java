package dev.talosforge.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * A unit's outputs in the folder where Terragrunt runs it, for a {@code dependency} to read.
 *
 * <p>From a folder with {@code .terraform} in it, Terragrunt reads what {@code .terraform/terraform.tfstate} names,
 * otherwise {@code terraform.tfstate}. Without {@code .terraform}, Terragrunt creates a new folder for each read, in
 * which a relative path finds nothing. The state at the unit's own path in that folder is kept the same: when Terraform
 * runs there, it finds both equal and asks no question about them.
 *
 * @param folder the working folder
 * @param backend the unit's settings of a {@code local} backend; null if it has none
 * @param workspace a name
 */
public record HandedOver(Path folder, @Nullable Backend backend, String workspace) {
    private static final int MAX_BYTES = 1 << 20;

    /** Settings of a {@code local} backend. */
    public record Backend(@Nullable String path, @Nullable String workspaceDir) {
        static final Backend USUAL = new Backend(null, null);

        Path in(Path folder, String workspace) {
            return StatePlace.of(folder, path, workspaceDir, workspace);
        }
    }

    /** The backend that Terraform was initialised with in the folder. */
    private record Initialised(String type, Backend backend) {}

    /**
     * The type of another backend that the folder was initialised with and that is read instead; null if there is none.
     */
    public @Nullable String otherBackend() throws IOException {
        Initialised initialised = initialised();
        return initialised == null || initialised.type().equals("local") ? null : initialised.type();
    }

    /** The unit's state, as Terraform keeps it here. */
    public Path state() {
        return (backend == null ? Backend.USUAL : backend).in(folder, workspace);
    }

    private Path data() {
        return folder.resolve(".terraform");
    }

    private @Nullable Initialised initialised() throws IOException {
        Path file = data().resolve("terraform.tfstate");
        byte[] bytes;
        try {
            bytes = ByteSource.of(file).readAll(file.toString(), MAX_BYTES);
        } catch (NoSuchFileException e) {
            return null;
        }
        JsonObject backend = JsonReader.readObject(file.toString(), bytes).object("backend");
        String type = backend == null ? null : backend.text("type");
        JsonObject config = backend == null ? null : backend.object("config");
        return type == null
                ? null
                : new Initialised(
                        type,
                        config == null
                                ? Backend.USUAL
                                : new Backend(config.text("path"), config.text("workspace_dir")));
    }

    /**
     * The states that must also hold the outputs, besides the unit's own; none if Terragrunt reads that one.
     *
     * @param own the unit's own state
     */
    public SequencedSet<Path> places(Path own) throws IOException {
        SequencedSet<Path> places = new LinkedHashSet<>();
        boolean started = Files.exists(data());
        if (otherBackend() != null || (!started && (backend == null || isElsewhere(backend)))) {
            return places;
        }
        Initialised initialised = initialised();
        places.add((initialised == null ? Backend.USUAL : initialised.backend()).in(folder, workspace));
        if (backend != null) {
            places.add(backend.in(folder, workspace));
        }
        places.removeIf(place -> isSame(place, own));
        return places;
    }

    /**
     * The states that Terraform may have written here, besides the unit's own. A unit without a backend setting, whose
     * module fetches nothing, has its state here with no other file beside it.
     */
    public SequencedSet<Path> made(Path own) throws IOException {
        SequencedSet<Path> made = places(own);
        if (backend == null && !Files.exists(data())) {
            made.add(Backend.USUAL.in(folder, workspace));
        }
        return made;
    }

    /** Whether the state's place does not depend on the working folder. */
    private boolean isElsewhere(Backend backend) {
        return backend.in(folder.resolve("a"), workspace).equals(backend.in(folder.resolve("b"), workspace));
    }

    private static boolean isSame(Path place, Path own) {
        try {
            return place.equals(own) || Files.isSameFile(place, own);
        } catch (IOException e) {
            return false;
        }
    }

    /** Locks the states that exist and are readable, so that nobody changes them in the meantime. */
    public List<StateLock> locks(Path own, StateLock.Holder holder) throws IOException {
        List<StateLock> locks = new ArrayList<>();
        boolean all = false;
        try {
            for (Path place : places(own)) {
                if (Files.exists(place)) {
                    StateFile.at(place).outputs();
                    locks.add(StateLock.take(place, holder));
                }
            }
            all = true;
            return locks;
        } finally {
            if (!all) {
                for (StateLock lock : locks) {
                    lock.close();
                }
            }
        }
    }

    /**
     * Records outputs in the unit's own state, on top of what Terraform made of it here since, and then here.
     *
     * @param all the folders of one unit
     */
    public static void record(StateFile own, Map<String, Json> outputs, List<HandedOver> all) throws IOException {
        SequencedSet<Path> places = new LinkedHashSet<>();
        for (HandedOver one : all) {
            places.addAll(one.places(own.path()));
        }
        List<StateFile> copies = places.stream().map(StateFile::at).toList();
        own.record(outputs, copies);
        for (StateFile copy : copies) {
            own.mirror(copy);
        }
        for (HandedOver one : all) {
            if (!one.places(own.path()).isEmpty() || own.path().startsWith(one.folder)) {
                // Last, because this makes Terragrunt read here.
                Files.createDirectories(one.data());
            }
        }
    }

    /**
     * Whether there is code with a backend that Terraform was never initialised with: then it reads nothing here.
     */
    public boolean isHalfMade() throws IOException {
        if (!Files.isDirectory(folder) || initialised() != null) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{tf,tofu,tf.json,tofu.json}")) {
            for (Path file : files) {
                if (new String(ByteSource.of(file).readAll(file.toString(), MAX_BYTES), UTF_8).contains("backend")) {
                    return true;
                }
            }
        }
        return false;
    }
}
