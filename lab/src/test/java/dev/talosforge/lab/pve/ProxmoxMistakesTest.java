package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.VolumeName;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong with Proxmox, and the whole text that they read then. */
@Tag("registry")
class ProxmoxMistakesTest {
    @TempDir
    Path directory;

    private PveEndpoint start(List<PveWorld.Node> nodes, PveWorld.Storage... storages) throws Exception {
        return PveBench.start(directory, PveBench.world(nodes, storages));
    }

    private static PveWorld.Storage storage(String type, boolean enabled, boolean active, long capacity) {
        return new PveWorld.Storage("resources", type, true, Set.of("iso"), List.of(), enabled, active, capacity);
    }

    private static String uploading(PveEndpoint endpoint, ProxmoxLogin login, UploadRequest request) {
        return message(
                endpoint,
                assertThrows(
                        BuildException.class,
                        () -> new ProxmoxClient(PveBench.settings(endpoint, login)).upload(request, (_, _) -> {})));
    }

    private static String uploading(PveEndpoint endpoint, UploadRequest request) {
        return uploading(endpoint, PveBench.TOKEN, request);
    }

    private static String uploading(PveEndpoint endpoint) throws Exception {
        return uploading(endpoint, PveBench.request("resources", "talos.iso", PveBench.content(1000)));
    }

    private static String message(PveEndpoint endpoint, BuildException e) {
        assertFalse(e.toString().contains(PveBench.SECRET));
        String text = e.problems().stream().map(ProxmoxMistakesTest::text).collect(Collectors.joining("\n"));
        return text.replaceAll("https://[a-z0-9.]+:\\d+/", "URL/")
                .replace(endpoint.uri().toString(), "URL/");
    }

    private static String text(Problem problem) {
        StringBuilder text = new StringBuilder(problem.kind() + " " + problem.what());
        if (problem.where() instanceof Where.Remote(String method, var uri, int status)) {
            text.append("\n  where: %s %s (%d)".formatted(method, uri, status));
        }
        text.append("\n  why:   ").append(problem.why());
        if (problem.remedy() != null) {
            text.append("\n  try:   ").append(problem.remedy());
        }
        return text.toString();
    }

    @Test
    void aWrongSecret() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources())) {
            ProxmoxLogin wrong = ProxmoxLogin.Token.parse("iso@pve!ci=11111111-2222-4222-8222-222222222222");
            assertEquals(
                    """
                    REFUSED cannot log in to Proxmox
                      where: GET URL/api2/json/version (401)
                      why:   401 Authentication failed!
                      try:   check the secret, the expiry date, and that the user is enabled: pveum user token list\
                     'iso@pve'""", uploading(endpoint, wrong, PveBench.request("resources", "talos.iso", PveBench.content(10))));
        }
    }

    @Test
    void aTokenWithoutRights() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources())) {
            ProxmoxLogin bare = ProxmoxLogin.Token.parse("iso@pve!bare=" + PveBench.SECRET);
            assertEquals(
                    """
                    REFUSED cannot upload to Proxmox storage resources
                      why:   token iso@pve!bare lacks Datastore.AllocateTemplate, Datastore.Audit on\
                     /storage/resources
                      try:   h=$(pveum user permissions 'iso@pve' --path /storage/resources --output-format json |\
                     grep -oE '"[A-Z][A-Za-z.]+"' | sort | tr '"\\n' '  '); case "$h" in *" Datastore.AllocateTemplate\
                     "*" Datastore.Audit "*) ;; *) r=TalosForge-storage-resources-iso_pve; p="$h\
                     Datastore.AllocateTemplate Datastore.Audit"; pveum role add $r --privs "$p" 2>/dev/null ||\
                     pveum role modify $r --append 1 --privs "$p"; pveum acl modify /storage/resources --users 'iso@pve'\
                     --roles $r;; esac; r=TalosForge; p="Datastore.AllocateTemplate Datastore.Audit"; pveum role add $r\
                     --privs "$p" 2>/dev/null || pveum role modify $r --append 1 --privs "$p"; pveum acl modify\
                     /storage/resources --tokens 'iso@pve!bare' --roles $r""", uploading(endpoint, bare, PveBench.request("resources", "talos.iso", PveBench.content(10))));
        }
    }

    @Test
    void aStorageThatIsMissing() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources())) {
            ProxmoxLogin root = new ProxmoxLogin.Password("root@pam", "root");
            assertEquals(
                    """
                    INVALID_INPUT cannot upload to Proxmox storage resuorces
                      where: GET URL/api2/json/nodes/pve1/storage/resuorces/status (400)
                      why:   400 storage: No such storage.; there are resources
                      try:   did you mean "resources"?""", uploading(endpoint, root, PveBench.request("resuorces", "talos.iso", PveBench.content(10))));
        }
    }

    /** A storage without rights and one that does not exist look alike: what is seen is told. */
    @Test
    void aStorageThatIsMisspelt() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources(), PveBench.local())) {
            String grant = "h=$(pveum user permissions";
            String near = uploading(endpoint, PveBench.request("resource", "talos.iso", PveBench.content(10)));
            assertEquals("""
                    INVALID_INPUT cannot upload to Proxmox storage resource
                      why:   token iso@pve!ci lacks Datastore.AllocateTemplate, Datastore.Audit on /storage/resource, or there is no such storage; it sees local, resources
                      try:   did you mean "resources"? if there is a storage resource: GRANT""", near.substring(0, near.indexOf(grant)) + "GRANT");
            String far = uploading(endpoint, PveBench.request("cephfs-isos", "talos.iso", PveBench.content(10)));
            assertEquals("""
                    REFUSED cannot upload to Proxmox storage cephfs-isos
                      why:   token iso@pve!ci lacks Datastore.AllocateTemplate, Datastore.Audit on /storage/cephfs-isos, or there is no such storage; it sees local, resources
                      try:   GRANT""", far.substring(0, far.indexOf(grant)) + "GRANT");
        }
    }

    @Test
    void aLoginPageInBetween() throws Exception {
        String remedy = "\n  try:   connect to the node directly, without a proxy or login page in between: export"
                + " PROXMOX_VE_ENDPOINT=https://NODE:8006/";
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources())) {
            endpoint.faults().arm(PveFault.PROXY_LOGIN, 1);
            assertEquals("""
                    INVALID_INPUT cannot reach Proxmox
                      where: GET URL/api2/json/version (200)
                      why:   it returned a web page titled "200 OK", not an answer from Proxmox""" + remedy, uploading(endpoint));
            endpoint.faults().arm(PveFault.PROXY_LOGIN, 1, 4);
            assertEquals("""
                    INVALID_INPUT cannot upload to Proxmox storage resources
                      where: GET URL/api2/json/nodes/pve2/storage/resources/status (200)
                      why:   it returned a web page titled "200 OK", not an answer from Proxmox""" + remedy, uploading(endpoint));
            endpoint.faults().arm(PveFault.PROXY_ELSEWHERE, 1);
            assertEquals("""
                    INVALID_INPUT cannot log in to Proxmox
                      where: GET URL/api2/json/version (302)
                      why:   302 Found: it returned a web page titled "302 Found", not an answer from Proxmox""" + remedy, uploading(endpoint));
        }
    }

    @Test
    void namesThatProxmoxDoesNotKeepGetOneThatItKeeps() {
        for (List<String> name : List.of(
                List.of("ISO", "talos image.iso", "talos-image.iso"),
                List.of("ISO", "talos.iso.xz", "talos.iso"),
                List.of("ISO", "talos", "talos.iso"),
                List.of("ISO", "-.iso", "talos.iso"),
                List.of("ISO", "sub/talos.IMG.txt", "talos.img"),
                List.of("IMPORT", "talos.RAW", "talos.raw"),
                List.of("IMPORT", "talos.raw.xz", "talos.raw"),
                List.of("IMPORT", "a/ta.qcow2", "ta.qcow2"),
                List.of("IMPORT", "talos.iso", "talos.raw"))) {
            ContentType type = ContentType.valueOf(name.get(0));
            assertNotNull(VolumeName.objection(type, name.get(1)), name.get(1));
            assertEquals(name.get(2), VolumeName.suggestion(type, name.get(1)));
            assertNull(VolumeName.objection(type, name.get(2)));
        }
        assertEquals(
                "ta_los__.raw", VolumeName.asStored(ContentType.IMPORT, " ta+los=\u00a0.raw".replace("\u00a0", "=")));
        assertEquals("ta__los.raw", VolumeName.asStored(ContentType.IMPORT, "ta\u00e4los.raw"));
        assertEquals(
                "the name has 250 characters; with the digest in it, which it gets where the name is taken, it has 274, and"
                        + " Proxmox takes at most 255",
                VolumeName.objection(ContentType.ISO, "a".repeat(246) + ".iso"));
    }

    @Test
    void aStorageThatIsFull() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), storage("cephfs", true, true, 500))) {
            assertEquals("""
                    REFUSED cannot upload to Proxmox storage resources
                      where: GET URL/api2/json/nodes/pve1/storage/resources/status (200)
                      why:   the storage has 500 bytes free; the file has 1000
                      try:   prune, or pvesm list resources --content iso""", uploading(endpoint));
        }
    }

    @Test
    void aStorageThatIsDisabled() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), storage("cephfs", false, true, 1 << 20))) {
            assertEquals("""
                    REFUSED cannot upload to Proxmox storage resources
                      where: GET URL/api2/json/nodes/pve1/storage/resources/status (200)
                      why:   the storage is disabled
                      try:   pvesm set resources --disable 0""", uploading(endpoint));
        }
    }

    @Test
    void aStorageThatIsNotActive() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), storage("cephfs", true, false, 1 << 20))) {
            assertEquals("""
                    UNAVAILABLE cannot upload to Proxmox storage resources
                      where: GET URL/api2/json/nodes/pve1/storage/resources/status (200)
                      why:   the storage is not active on node pve1
                      try:   pvesm status --storage resources""", uploading(endpoint).lines().limit(4).collect(Collectors.joining("\n")));
        }
    }

    @Test
    void aStorageThatHoldsNoFiles() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), storage("lvmthin", true, true, 1 << 20))) {
            assertEquals("""
                    REFUSED cannot upload to Proxmox storage resources
                      where: GET URL/api2/json/nodes/pve1/storage/resources/status (200)
                      why:   storage type lvmthin cannot hold files; ISOs need one of dir, nfs, cifs, cephfs, btrfs,\
                     glusterfs
                      try:   set another one in proxmox_datastore_id: pvesm status --content iso""", uploading(endpoint));
        }
    }

    @Test
    void nodesThatAreOfflineOrNotThere() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(false), PveBench.resources())) {
            ByteSource content = PveBench.content(10);
            UploadRequest request =
                    PveBench.request("resources", "talos.iso", content, List.of("pve3"), UploadRequest.Manner.usual());
            assertEquals("""
                    UNAVAILABLE cannot upload to Proxmox storage resources
                      why:   no node is online: pve3
                      try:   start one of them, or set others in proxmox_node_names""", uploading(endpoint, request));
            UploadRequest other =
                    PveBench.request("resources", "talos.iso", content, List.of("pve9"), UploadRequest.Manner.usual());
            assertEquals("""
                    INVALID_INPUT cannot upload to Proxmox storage resources
                      why:   there is no node pve9; the cluster has pve1, pve2, pve3
                      try:   did you mean "pve1"?""", uploading(endpoint, other));
        }
    }

    @Test
    void aNameThatIsNoIso() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources())) {
            assertEquals(
                    """
                    INVALID_INPUT cannot upload talos image.iso to Proxmox
                      why:   Proxmox keeps a name only if it starts with a letter or digit, contains only letters, digits, "_", "." and "-", and ends with .iso or .img
                      try:   iso_name = "talos-image.iso\"""", uploading(endpoint, PveBench.request("resources", "talos image.iso", PveBench.content(10))));
        }
    }

    @Test
    void aFileThatVanished() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources())) {
            Path iso = Files.write(directory.resolve("talos.iso"), new byte[5000]);
            UploadRequest request = PveBench.request("resources", "talos.iso", ByteSource.of(iso));
            Files.delete(iso);
            assertEquals("""
                    ENVIRONMENT cannot upload talos.iso to Proxmox storage resources
                      why:   cannot read the file: FILE""", uploading(endpoint, request).replace(iso.toString(), "FILE"));
            assertEquals(0, endpoint.temporaryFiles("pve1"));
        }
    }

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.resources())) {
            for (String host : List.of("127.0.0.1", "proxmox.invalid")) {
                var settings = PveBench.settings(
                        List.of(URI.create("https://" + host + ":" + port + "/")),
                        new LinkedHashMap<>(),
                        new ProxmoxTls.Authority(endpoint.authority()),
                        PveBench.TOKEN);
                String message = message(
                        endpoint, assertThrows(BuildException.class, () -> new ProxmoxClient(settings).version()));
                assertEquals(host.equals("127.0.0.1") ? """
                                UNAVAILABLE cannot reach Proxmox
                                  where: GET URL/api2/json/version (0)
                                  why:   127.0.0.1:PORT refused the connection
                                  try:   Proxmox listens on port 8006; on that node: systemctl status pveproxy""" : """
                                UNAVAILABLE cannot reach Proxmox
                                  where: GET URL/api2/json/version (0)
                                  why:   no address for the name proxmox.invalid
                                  try:   getent hosts proxmox.invalid""", message.replace(String.valueOf(port), "PORT"));
            }
        }
    }
}
