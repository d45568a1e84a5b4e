package dev.talosforge.cli;

import dev.talosforge.inspect.InspectSamples;
import dev.talosforge.lab.pve.PveEndpoint;
import dev.talosforge.lab.pve.PveSettings;
import dev.talosforge.lab.pve.PveWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * A registry and a Proxmox endpoint with all that the trees of shared artifacts ask for. The storage {@code small} has no
 * room for an ISO.
 */
record ArtifactsLab(SmallWorld world, PveEndpoint proxmox) implements AutoCloseable {
    private static final String SECRET = "44444444-4444-4444-8444-444444444444";
    private static final List<String> EXTENSIONS = List.of("intel-ucode", "qemu-guest-agent", "crun", "ctr");

    static ArtifactsLab in(Path folder) throws Exception {
        SmallWorld world = SmallWorld.in(folder);
        // One that verify can read.
        world.imager(new InspectSamples(Files.createDirectory(folder.resolve("samples"))).base());
        for (String name : EXTENSIONS) {
            world.extension(name);
        }
        List<PveWorld.Node> nodes = Stream.of("pve01", "pve02", "pve03")
                .map(name -> new PveWorld.Node(name, true))
                .toList();
        List<PveWorld.Acl> acls = new ArrayList<>();
        for (String who : List.of("iso@pve", "iso@pve!ci")) {
            for (String storage : List.of("resources", "small")) {
                acls.add(new PveWorld.Acl(
                        "/storage/" + storage,
                        who,
                        Set.of("Datastore.Allocate", "Datastore.AllocateTemplate", "Datastore.Audit")));
            }
        }
        PveWorld storages = new PveWorld(
                nodes,
                List.of(
                        PveWorld.Storage.forIsos("resources", "cephfs", true, 1L << 30),
                        PveWorld.Storage.forIsos("small", "cephfs", true, 1L << 20)),
                List.of(new PveWorld.User("iso@pve", null, true)),
                List.of(new PveWorld.Token("iso@pve", "ci", SECRET, true, false)),
                acls,
                List.of());
        PveEndpoint proxmox = PveEndpoint.start(
                storages,
                PveSettings.of(PveSettings.Release.CURRENT).with(Duration.ofSeconds(3), Duration.ofMillis(50)),
                new PveEndpoint.Place(
                        folder.resolve("pve"), folder.resolve("ca"), 0, InstantSource.system(), new Random(1)));
        return new ArtifactsLab(world, proxmox);
    }

    /** For the program. */
    SortedMap<String, String> environment(Path store) {
        SortedMap<String, String> environment = world.environment(store);
        environment.put("PROXMOX_VE_ENDPOINT", proxmox.uri().toString());
        environment.put("PROXMOX_VE_API_TOKEN", "iso@pve!ci=" + SECRET);
        environment.put("PROXMOX_VE_CA_FILE", proxmox.authority().toString());
        return environment;
    }

    /** A file of a tree, with images that are here. */
    static String here(String text) {
        return text.replaceAll("\"ghcr.io/siderolabs/([a-z-]+):[^\"]*\"", "\"registry.test/talos/$1:v1\"")
                .replaceAll(
                        "\"ghcr.io/sulibot/frr-talos-extension:v1.0.18@[^\"]*\"", "\"registry.test/talos/hello:v1\"")
                .replace("ghcr.io/sulibot", "registry.test/acme")
                .replaceAll(
                        "(?s)  container = \"frr\".*\n}\n$", "sources = [{ files = { \"usr/local/a\" = \"a\" } }]\n}\n")
                .replace("\"docker\", \"login\", \"registry.test\"", "\"true\"")
                .replace("\"docker\", \"login\", \"ghcr.io\"", "\"true\"")
                .replaceFirst("(?m)^( *iso_output_dir)", """
                        imager_image = "registry.test/talos/imager:v1.11.5"
                        base_installer_image = "registry.test/talos/installer-base:v1.11.5"
                        squashfs_compression = "zstd"
                        $1""");
    }

    @Override
    public void close() throws IOException {
        proxmox.close();
        world.registry().close();
    }
}
