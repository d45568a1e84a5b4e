package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** Routes below {@code /nodes/N/storage}, besides upload. */
final class PveStorageApi {
    private static final String AUDIT = "Datastore.Audit";
    private static final String SPACE = "Datastore.AllocateSpace";

    private final PveWorld world;
    private final PveAccess access;
    private final PveStore store;
    private final PveTasks tasks;
    private final PveDownloads downloads;

    PveStorageApi(PveCluster cluster) {
        this.world = cluster.world();
        this.access = cluster.access();
        this.store = cluster.store();
        this.tasks = cluster.tasks();
        this.downloads = new PveDownloads(cluster);
    }

    PveAnswer answer(
            PveRequest request,
            PveOnNode on,
            List<String> path,
            SequencedMap<String, String> form,
            PveAccess.Caller caller)
            throws IOException {
        String node = on.name();
        if (path.isEmpty()) {
            return PveAnswer.data(list(node, form, caller));
        }
        String id = path.getFirst();
        if (request.method().equals("POST") && path.size() == 2 && path.get(1).equals("download-url")) {
            return downloads.answer(on, id, form, caller);
        }
        boolean delete = request.method().equals("DELETE");
        boolean allowed = delete
                ? access.any(caller, "/storage/" + id, "Datastore.Allocate")
                : access.any(caller, "/storage/" + id, AUDIT, SPACE);
        if (!allowed) {
            return PveAnswer.of(
                    PveMessage.PERMISSION, "/storage/" + id, delete ? "Datastore.Allocate" : AUDIT + "|" + SPACE);
        }
        PveWorld.Storage storage = world.storage(id);
        if (storage == null) {
            return PveAnswer.parameter("storage", PveMessage.NO_SUCH_STORAGE);
        }
        String rest = String.join("/", path.subList(1, path.size()));
        if (request.method().equals("GET") && rest.equals("status")) {
            return PveAnswer.data(PveShape.STORAGE_STATUS.of(status(node, storage)));
        }
        if (request.method().equals("GET") && rest.equals("content")) {
            return content(node, storage, form);
        }
        if (rest.startsWith("content/")) {
            return volume(request, node, storage, rest.substring("content/".length()), caller);
        }
        return PveAnswer.of(PveMessage.METHOD_NOT_IMPLEMENTED, request.method());
    }

    private Json list(String node, SequencedMap<String, String> form, PveAccess.Caller caller) throws IOException {
        List<Json> rows = new ArrayList<>();
        String content = form.get("content");
        for (PveWorld.Storage storage : world.storages()) {
            boolean usable = storage.usableOn(node);
            boolean wanted = content == null || (usable && storage.content().contains(content));
            if (wanted
                    && storage.id().equals(form.getOrDefault("storage", storage.id()))
                    && (usable || !form.getOrDefault("enabled", "0").equals("1"))
                    && access.any(caller, "/storage/" + storage.id(), AUDIT, SPACE)) {
                rows.add(PveShape.STORAGE_ON_NODE.of(status(node, storage).put("storage", storage.id())));
            }
        }
        return new Json.JsonArray(rows);
    }

    private Json.Builder status(String node, PveWorld.Storage storage) throws IOException {
        boolean usable = storage.usableOn(node);
        boolean active = usable && storage.active();
        long used = active ? store.used(node, storage) : 0;
        return Json.object()
                .put("type", storage.type())
                .put("content", String.join(",", storage.content()))
                .put("shared", storage.shared() ? 1 : 0)
                .put("enabled", usable ? 1 : 0)
                .put("active", active ? 1 : 0)
                .put("total", active ? storage.totalBytes() : 0)
                .put("used", used)
                .put("avail", active ? store.available(node, storage) : 0);
    }

    private PveAnswer content(String node, PveWorld.Storage storage, SequencedMap<String, String> form)
            throws IOException {
        String type = form.getOrDefault("content", "iso");
        if (!List.of("iso", "vztmpl", "import", "images", "rootdir", "backup", "snippets")
                .contains(type)) {
            return PveAnswer.parameter("content", PveMessage.INVALID_CONTENT, type);
        }
        if (!storage.enabled()) {
            return PveAnswer.of(PveMessage.STORAGE_DISABLED, storage.id());
        }
        if (!storage.usableOn(node)) {
            return PveAnswer.of(PveMessage.STORAGE_ELSEWHERE, storage.id(), node);
        }
        if (!storage.active()) {
            return PveAnswer.of(PveMessage.STORAGE_OFFLINE, storage.id());
        }
        if (!List.of("iso", "import").contains(type) || !storage.content().contains(type)) {
            return PveAnswer.data(new Json.JsonArray(List.of()));
        }
        return PveAnswer.data(Json.array(
                store.listing(node, storage, type),
                file -> PveShape.CONTENT.of(Json.object()
                        .put("volid", "%s:%s/%s".formatted(storage.id(), type, file.name()))
                        .put("content", type)
                        .put("format", type.equals("iso") ? "iso" : file.name().replaceAll(".*\\.", ""))
                        .put("size", file.size())
                        .put("ctime", file.changed()))));
    }

    private PveAnswer volume(
            PveRequest request, String node, PveWorld.Storage storage, String volume, PveAccess.Caller caller)
            throws IOException {
        int colon = volume.indexOf(':');
        if (colon >= 0 && !volume.substring(0, colon).equals(storage.id())) {
            return PveAnswer.of(PveMessage.STORAGE_MISMATCH, volume.substring(0, colon), storage.id());
        }
        String below = volume.substring(colon + 1);
        String type = below.substring(0, Math.max(0, below.indexOf('/')));
        Path file = List.of("iso", "import").contains(type)
                ? store.file(node, storage, type, below.substring(type.length() + 1))
                : null;
        if (file == null) {
            return PveAnswer.of(PveMessage.VOLUME_NAME, below);
        }
        String volid = storage.id() + ":" + below;
        if (request.method().equals("DELETE")) {
            PveTask task = tasks.start(node, "imgdel", storage.id(), caller.id(), running -> {
                running.say(
                        store.delete(node, storage, file) ? PveMessage.LOG_REMOVED : PveMessage.LOG_NOT_THERE, volid);
                return PveMessage.TASK_OK.text();
            });
            return PveAnswer.data(Json.of(task.upid()));
        }
        if (!Files.isRegularFile(file)) {
            return PveAnswer.of(PveMessage.VOLUME_MISSING, volid);
        }
        if (Files.size(file) == 0) {
            return PveAnswer.of(PveMessage.VOLUME_EMPTY, volid);
        }
        return PveAnswer.data(PveShape.VOLUME.of(Json.object()
                .put(
                        "path",
                        "/mnt/pve/%s/%s/%s"
                                .formatted(storage.id(), PveStore.folder(type), below.substring(type.length() + 1)))
                .put("size", Files.size(file))
                .put("used", Files.size(file))
                .put("format", "raw")));
    }
}
