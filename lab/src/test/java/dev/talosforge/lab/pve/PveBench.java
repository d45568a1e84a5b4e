package dev.talosforge.lab.pve;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A small cluster with short waits, for tests: three nodes, a shared and a local storage, a token that may publish. */
final class PveBench {
    static final String SECRET = "22222222-2222-4222-8222-222222222222";
    static final ProxmoxLogin.Token TOKEN = ProxmoxLogin.Token.parse("iso@pve!ci=" + SECRET);
    /** More than the second that curl waits for a 100, and than a busy machine takes for a handshake. */
    static final Duration IDLE = Duration.ofSeconds(3);

    private static final Set<String> PUBLISH = Set.of("Datastore.AllocateTemplate", "Datastore.Audit");

    static final Instant NOW = Instant.ofEpochSecond(0x6B0383BFL);

    /** Made once: keys take a while. */
    private static @Nullable Path certificates;

    private PveBench() {}

    static synchronized Path certificates() throws IOException {
        if (certificates == null) {
            certificates = Files.createTempDirectory("pve-ca");
            PveCertificates.in(certificates, List.of("pve1", "pve2", "pve3"));
        }
        return certificates;
    }

    static List<PveWorld.Node> nodes(boolean thirdOnline) {
        return List.of(
                new PveWorld.Node("pve1", true),
                new PveWorld.Node("pve2", true),
                new PveWorld.Node("pve3", thirdOnline));
    }

    static PveWorld.Storage resources() {
        return PveWorld.Storage.forIsos("resources", "cephfs", true, 1L << 40);
    }

    static PveWorld.Storage local() {
        return PveWorld.Storage.forIsos("local", "dir", false, 1L << 40);
    }

    static PveWorld world(List<PveWorld.Node> nodes, PveWorld.Storage... storages) {
        List<PveWorld.Acl> acls = new ArrayList<>();
        for (PveWorld.Storage storage : storages) {
            acls.add(new PveWorld.Acl("/storage/" + storage.id(), "iso@pve", PUBLISH));
            acls.add(new PveWorld.Acl("/storage/" + storage.id(), "iso@pve!ci", PUBLISH));
        }
        return new PveWorld(
                nodes,
                List.of(storages),
                List.of(
                        new PveWorld.User("iso@pve", "pass word+1", true),
                        new PveWorld.User("nobody@pve", "x", true),
                        new PveWorld.User("root@pam", "root", true)),
                List.of(
                        new PveWorld.Token("iso@pve", "ci", SECRET, true, false),
                        new PveWorld.Token("iso@pve", "bare", SECRET, true, false),
                        new PveWorld.Token("iso@pve", "old", SECRET, true, true)),
                acls);
    }

    static PveEndpoint start(Path directory, PveWorld world) throws IOException {
        PveSettings settings = PveSettings.of(PveSettings.Release.CURRENT).with(IDLE, Duration.ofMillis(100));
        return start(directory, world, settings);
    }

    static PveEndpoint start(Path directory, PveWorld world, PveSettings settings) throws IOException {
        return PveEndpoint.start(
                world,
                settings,
                new PveEndpoint.Place(directory, certificates(), 0, InstantSource.fixed(NOW), new Random(7)));
    }

    static ProxmoxSettings settings(PveEndpoint endpoint, ProxmoxLogin login) {
        return settings(
                List.of(endpoint.uri()), endpoint.uris(), new ProxmoxTls.Authority(endpoint.authority()), login);
    }

    static ProxmoxSettings settings(
            List<URI> endpoints, SequencedMap<String, URI> nodes, ProxmoxTls tls, ProxmoxLogin login) {
        return new ProxmoxSettings(
                endpoints,
                new LinkedHashMap<>(nodes),
                tls,
                login,
                new ProxmoxSettings.Timing(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(30),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        3,
                        duration -> Thread.sleep(Duration.ofMillis(Math.min(30, duration.toMillis())))),
                new ProxmoxSettings.Watch(InstantSource.fixed(NOW), _ -> {}));
    }

    /** The line that gives a right to the bench's token, which has none at the path, and to its user. */
    static String grant(String path, String role, String privilege) {
        String own = role + path.replace('/', '-') + "-iso_pve";
        String add = "pveum role add $r --privs \"$p\" 2>/dev/null || pveum role modify $r --append 1 --privs \"$p\"";
        return "h=$(pveum user permissions 'iso@pve' --path " + path
                + " --output-format json | grep -oE '\"[A-Z][A-Za-z.]+\"' | sort | tr '\"\\n' '  '); case \"$h\" in *\" "
                + privilege + " \"*) ;; *) r=" + own + "; p=\"$h " + privilege + "\"; " + add + "; pveum acl modify "
                + path
                + " --users 'iso@pve' --roles $r;; esac; r=" + role + "; p=\"" + privilege + "\"; " + add
                + "; pveum acl modify " + path + " --tokens 'iso@pve!ci' --roles $r";
    }

    static ByteSource content(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return ByteSource.of(bytes);
    }

    static UploadRequest request(String storage, String name, ByteSource content) throws IOException {
        return request(storage, name, content, List.of(), UploadRequest.Manner.usual());
    }

    static UploadRequest request(
            String storage, String name, ByteSource content, List<String> nodes, UploadRequest.Manner manner)
            throws IOException {
        return new UploadRequest(storage, ContentType.ISO, name, content, Sha256.of(content), nodes, null, manner);
    }
}
