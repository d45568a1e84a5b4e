package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** {@code download-url}: a node fetches a file itself, beside the target, and renames it once it is complete. */
final class PveDownloads {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final PveWorld world;
    private final PveAccess access;
    private final PveStore store;
    private final PveTasks tasks;
    private final PveFaults faults;

    PveDownloads(PveCluster cluster) {
        this.world = cluster.world();
        this.access = cluster.access();
        this.store = cluster.store();
        this.tasks = cluster.tasks();
        this.faults = cluster.faults();
    }

    private record Wanted(
            String url, String type, String name, @Nullable String algorithm, String checksum) {}

    PveAnswer answer(PveOnNode on, String id, SequencedMap<String, String> form, PveAccess.Caller caller) {
        String node = on.name();
        boolean network = access.any(caller, "/nodes/" + on.named(), "Sys.AccessNetwork")
                || (access.any(caller, "/", "Sys.Audit") && access.any(caller, "/", "Sys.Modify"));
        if (!network || !access.any(caller, "/storage/" + id, "Datastore.AllocateTemplate")) {
            return PveAnswer.of(PveMessage.PERMISSION_UNSAID);
        }
        for (String required : List.of("url", "content", "filename")) {
            if (!form.containsKey(required)) {
                return PveAnswer.parameter(required, PveMessage.PROPERTY_MISSING);
            }
        }
        Wanted wanted = new Wanted(
                form.getOrDefault("url", ""),
                form.getOrDefault("content", ""),
                PveUploads.normalised(form.getOrDefault("filename", "")),
                form.get("checksum-algorithm"),
                form.getOrDefault("checksum", ""));
        if (!wanted.url.matches("https?://.*")) {
            return PveAnswer.parameter("url", PveMessage.NO_PATTERN);
        }
        PveWorld.Storage storage = world.storage(id);
        if (storage == null) {
            return PveAnswer.of(PveMessage.STORAGE_UNKNOWN, id);
        }
        if (!storage.usableOn(node)) {
            return PveAnswer.of(PveMessage.STORAGE_DISABLED, id);
        }
        if (!storage.content().contains(wanted.type)) {
            return PveAnswer.of(PveMessage.CONTENT_NOT_SUPPORTED, id, wanted.type);
        }
        PveTask task =
                tasks.start(node, "download", wanted.name, caller.id(), running -> run(running, node, storage, wanted));
        return PveAnswer.data(Json.of(task.upid()));
    }

    private String run(PveTask task, String node, PveWorld.Storage storage, Wanted wanted) throws IOException {
        Path directory = Files.createDirectories(store.directory(node, storage, wanted.type));
        Path target = directory.resolve(wanted.name);
        if (Files.exists(target)) {
            if (wanted.algorithm == null) {
                throw new IOException(PveMessage.DOWNLOAD_OVER.text(wanted.name));
            }
            check(target, wanted);
            task.say(PveMessage.LOG_THERE);
            return PveMessage.TASK_OK.text();
        }
        Path partial = directory.resolve(wanted.name + ".tmp_dwnl.4711");
        try {
            task.say(PveMessage.LOG_DOWNLOADING, wanted.url, wanted.name);
            fetch(wanted.url, partial);
            if (wanted.algorithm != null) {
                check(partial, wanted);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            task.say(PveMessage.LOG_DOWNLOADED, wanted.url, wanted.name);
            return PveMessage.TASK_OK.text();
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void check(Path file, Wanted wanted) throws IOException {
        String got = PveUploads.digest(file, String.valueOf(wanted.algorithm));
        if (!got.equalsIgnoreCase(wanted.checksum)) {
            throw new IOException(PveMessage.DOWNLOAD_CHECKSUM.text(got, wanted.checksum));
        }
    }

    private void fetch(String url, Path target) throws IOException {
        if (faults.strikes(PveFault.DOWNLOAD_FAILS)) {
            throw new IOException(PveMessage.DOWNLOAD_REFUSED.text());
        }
        try {
            URLConnection connection = URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(PveMessage.DOWNLOAD_UNREACHED.text(), e);
        }
    }
}
