package dev.talosforge.lab.command;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Events;
import dev.talosforge.lab.pve.PveEndpoint;
import dev.talosforge.lab.pve.PveSettings;
import dev.talosforge.pipeline.context.ContextFactory;
import dev.talosforge.pipeline.context.ContextSettings;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.tree.DiskTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One upload to the lab's endpoint within this process: TLS is slow until its ciphers are compiled. */
final class WarmUpUpload {
    private static final long SIZE = 64 << 20;

    private WarmUpUpload() {}

    /** Creates everything in the folder and leaves nothing behind. */
    static void run(Path folder, Map<String, String> variables) throws IOException, InterruptedException {
        PveEndpoint.Place place = new PveEndpoint.Place(
                folder.resolve("state"), folder.resolve("certificates"), 0, InstantSource.system(), new Random());
        try (PveEndpoint endpoint = PveEndpoint.start(
                LabServerCommand.world(Set.of()), PveSettings.of(PveSettings.Release.CURRENT), place)) {
            SortedMap<String, String> environment = new TreeMap<>(variables);
            environment.putAll(LabServerCommand.access(endpoint.uri(), endpoint.authority()));
            ByteSource content = ByteSource.zeros(SIZE);
            UploadRequest request = new UploadRequest(
                    LabServerCommand.STORAGE,
                    ContentType.ISO,
                    "warm-up.iso",
                    content,
                    Sha256.of(content),
                    List.of(),
                    null,
                    UploadRequest.Manner.usual());
            ContextSettings settings = new ContextSettings(
                    environment, folder, null, null, false, false, false, Events.none(), InstantSource.system());
            try (ContextFactory contexts = new ContextFactory(settings)) {
                contexts.proxmox(List.of(), List.of()).upload(request, (_, _) -> {});
            }
        } finally {
            DiskTree.delete(folder);
        }
    }
}
