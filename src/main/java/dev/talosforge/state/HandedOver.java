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
 * A unit's outputs in the folder in which Terragrunt runs it, where a {@code dependency} reads them.
 *
 * <p>A folder with {@code .terraform} in it is read as it is: from what {@code .terraform/terraform.tfstate} names, else
 * from {@code terraform.tfstate}. Without it, Terragrunt makes a folder anew for each reading, in which a relative path
 * finds nothing. What stands at the unit's own path in that folder, too, is the same: Terraform, once it is run there,
 * finds both equal and asks no question about them.
 *
 * @param folder the working folder
 * @param backend what the unit says of a {@code local} backend; null where it says nothing
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

    /** What Terraform was told in the folder. */
    private record Told(String type, Backend backend) {}

    /**
     * The kind of another backend that the folder was made for and that is read instead; null when there is none.
     */
    public @Nullable String otherBackend() throws IOException {
        Told told = told();
        return told == null || told.type().equals("local") ? null : told.type();
    }

    private Path data() {
        return folder.resolve(".terraform");
    }

    private @Nullable Told told() throws IOException {
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
                : new Told(
                        type,
                        config == null
                                ? Backend.USUAL
                                : new Backend(config.text("path"), config.text("workspace_dir")));
    }

    /**
     * The states that are to hold the outputs besides the unit's own; none where Terragrunt reads that one.
     *
     * @param own the unit's own state
     */
    public SequencedSet<Path> places(Path own) throws IOException {
        SequencedSet<Path> places = new LinkedHashSet<>();
        boolean started = Files.exists(data());
        if (otherBackend() != null || (!started && (backend == null || isElsewhere(backend)))) {
            return places;
        }
        Told told = told();
        places.add((told == null ? Backend.USUAL : told.backend()).in(folder, workspace));
        if (backend != null) {
            places.add(backend.in(folder, workspace));
        }
        places.removeIf(place -> isSame(place, own));
        return places;
    }

    /**
     * The states that Terraform may have made here, besides the unit's own. A unit that says nothing of a backend, and
     * whose module needs nothing to be fetched, has its state here with nothing beside it.
     */
    public SequencedSet<Path> made(Path own) throws IOException {
        SequencedSet<Path> made = places(own);
        if (backend == null && !Files.exists(data())) {
            made.add(Backend.USUAL.in(folder, workspace));
        }
        return made;
    }

    /** Whether the state is where it is whatever the working folder. */
    private boolean isElsewhere(Backend said) {
        return said.in(folder.resolve("a"), workspace).equals(said.in(folder.resolve("b"), workspace));
    }

    private static boolean isSame(Path place, Path own) {
        try {
            return place.equals(own) || Files.isSameFile(place, own);
        } catch (IOException e) {
            return false;
        }
    }

    /** The locks of those states that are there and can be read, so that nobody changes them in the meantime. */
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
     * Records outputs in the unit's own state, over what Terraform made of it here since, and then here.
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
            if (!one.places(own.path()).isEmpty()) {
                // Last, because it is what makes Terragrunt read here.
                Files.createDirectories(one.data());
            }
        }
    }

    /**
     * Whether there is code that wants a backend which was never told to Terraform: it then reads nothing here.
     */
    public boolean isHalfMade() throws IOException {
        if (!Files.isDirectory(folder) || told() != null) {
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
