package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a server is asked, and what a person hears of one that does not answer. */
@Tag("registry")
class ProxmoxSilenceTest {
    @TempDir
    Path directory;

    private PveEndpoint start(List<PveWorld.Node> nodes, PveWorld.Storage... storages) throws Exception {
        return PveBench.start(directory, PveBench.world(nodes, storages));
    }

    /** @param perQuestion how much later it is each time that the clock is looked at */
    private static ProxmoxSettings slow(ProxmoxSettings usual, Duration perQuestion, List<String> message) {
        AtomicLong now = new AtomicLong();
        ProxmoxSettings.Pause clock = new ProxmoxSettings.Pause() {
            @Override
            public void pause(Duration duration) {
                now.addAndGet(duration.toNanos());
            }

            @Override
            public long nanoTime() {
                return now.getAndAdd(perQuestion.toNanos());
            }
        };
        ProxmoxSettings.Timing real = ProxmoxSettings.Timing.usual();
        return new ProxmoxSettings(
                usual.endpoints(),
                usual.nodeEndpoints(),
                usual.tls(),
                usual.login(),
                new ProxmoxSettings.Timing(
                        real.connect(),
                        real.answer(),
                        real.poll(),
                        real.task(),
                        real.patience(),
                        real.ticket(),
                        real.readAttempts(),
                        clock),
                new ProxmoxSettings.Watch(usual.watch().clock(), message::add));
    }

    /** How many of a thousand occasions are gone. */
    private static int struck(PveEndpoint endpoint, PveFault fault) {
        return 1000
                - endpoint.faults().armed().stream()
                        .filter(armed -> armed.fault() == fault)
                        .mapToInt(PveFaults.Armed::times)
                        .sum();
    }

    @Test
    void aNodeThatHangsIsAskedOnce() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.local())) {
            endpoint.faults().arm(PveFault.RELAY_TIMEOUT, 1000);
            List<String> message = new ArrayList<>();
            ProxmoxSettings hanging =
                    slow(PveBench.settings(endpoint, PveBench.TOKEN), Duration.ofSeconds(30), message);
            Problem problem = assertThrows(
                            BuildException.class,
                            () -> new ProxmoxClient(hanging).stock("local", ContentType.ISO, List.of("pve2")))
                    .problems()
                    .getFirst();
            assertEquals("node pve2 does not answer localhost: 596 Connection timed out", problem.why());
            assertEquals(
                    "on pve2: systemctl status pveproxy pvedaemon; on any node: pvecm status",
                    String.valueOf(problem.remedy()));
            assertEquals(1, struck(endpoint, PveFault.RELAY_TIMEOUT), "one silence of 30 s is enough");
        }
    }

    @Test
    void aNodeThatRefusesQuicklyIsAskedAgain() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.local())) {
            endpoint.faults().arm(PveFault.RELAY_REFUSED, 1000);
            ProxmoxSettings usual = PveBench.settings(endpoint, PveBench.TOKEN);
            assertThrows(
                    BuildException.class,
                    () -> new ProxmoxClient(slow(usual, Duration.ofMillis(1), new ArrayList<>()))
                            .stock("local", ContentType.ISO, List.of("pve2")));
            assertEquals(4, struck(endpoint, PveFault.RELAY_REFUSED));
        }
    }

    /** Its kernel takes connections, and nobody is behind them that answers. */
    @Test
    void whatIsWaitedForIsReported() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.local());
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> message = new ArrayList<>();
            endpoint.faults().arm(PveFault.ANSWER_LATE, 1);
            ProxmoxSettings bench = PveBench.settings(endpoint, PveBench.TOKEN);
            ProxmoxSettings watched = new ProxmoxSettings(
                    bench.endpoints(),
                    bench.nodeEndpoints(),
                    bench.tls(),
                    bench.login(),
                    timing(Duration.ofSeconds(5), Duration.ofMillis(800)),
                    new ProxmoxSettings.Watch(bench.watch().clock(), message::add));
            assertEquals("9.2.11", new ProxmoxClient(watched).version());
            assertEquals(
                    "waiting for localhost:PORT to answer GET /api2/json/version, for 100 ms",
                    message.getFirst().replaceAll("localhost:[0-9]+", "localhost:PORT"));
            ProxmoxSettings hanging = new ProxmoxSettings(
                    List.of(URI.create("https://localhost:" + silent.getLocalPort() + "/")),
                    new LinkedHashMap<>(),
                    bench.tls(),
                    bench.login(),
                    timing(Duration.ofMillis(100), Duration.ofSeconds(5)),
                    bench.watch());
            Problem problem = assertThrows(BuildException.class, () -> new ProxmoxClient(hanging).version())
                    .problems()
                    .getFirst();
            assertEquals(
                    "check that the node is up and no firewall blocks it; on that node: systemctl status pveproxy",
                    String.valueOf(problem.remedy()));
        }
    }

    private static ProxmoxSettings.Timing timing(Duration connect, Duration answer) {
        ProxmoxSettings.Timing usual = ProxmoxSettings.Timing.usual();
        return new ProxmoxSettings.Timing(
                connect, answer, usual.poll(), usual.task(), usual.patience(), usual.ticket(), 1, Thread::sleep);
    }

    @Test
    void aPasswordCostsOneRequestAndNoRefusal() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.local())) {
            ProxmoxLogin password = new ProxmoxLogin.Password("iso@pve", "pass word+1");
            ProxmoxClient client = new ProxmoxClient(PveBench.settings(endpoint, password));
            assertEquals("9.2.11", client.version());
            client.stock("local", ContentType.ISO, List.of("pve1"));
            client.attachments();
            client.spoolRemedy();
            assertEquals(0, endpoint.heldBack(), "each refusal takes three seconds");
            assertEquals(1, endpoint.logins());
            assertThrows(
                    BuildException.class,
                    () -> new ProxmoxClient(PveBench.settings(endpoint, new ProxmoxLogin.Password("iso@pve", "no")))
                            .version());
            assertEquals(1, endpoint.heldBack());
        }
    }

    @Test
    void aWrongTokenIsAskedForOnce() throws Exception {
        try (PveEndpoint endpoint = start(PveBench.nodes(true), PveBench.local())) {
            ProxmoxLogin wrong = ProxmoxLogin.Token.parse("iso@pve!ci=11111111-2222-4222-8222-222222222222");
            ProxmoxClient client = new ProxmoxClient(PveBench.settings(endpoint, wrong));
            BuildException first = assertThrows(BuildException.class, client::version);
            BuildException second = assertThrows(BuildException.class, client::attachments);
            assertEquals(first.problems(), second.problems());
            assertEquals(1, endpoint.heldBack());
        }
    }

    /** Its pveproxy is down, and the cluster counts it as a member that is there. */
    private static List<PveWorld.Node> oneSilent() {
        return List.of(new PveWorld.Node("pve1", true), new PveWorld.Node("pve2", false, 64L << 30, "online"));
    }

    @Test
    void aSharedStorageDoesWithoutANodeThatIsSilent() throws Exception {
        try (PveEndpoint endpoint = start(oneSilent(), PveBench.resources(), PveBench.local())) {
            ProxmoxClient client = new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN));
            var result =
                    client.upload(PveBench.request("resources", "talos.iso", PveBench.content(1000)), (_, _) -> {});
            assertEquals(
                    "{pve2=node pve2 does not answer localhost: 595 Connection refused}",
                    result.unasked().toString());
            assertEquals(
                    "{pve1=resources:iso/talos.iso, pve2=resources:iso/talos.iso}",
                    result.volumeIds().toString());
            Problem problem = assertThrows(
                            BuildException.class,
                            () -> client.upload(
                                    PveBench.request("local", "talos.iso", PveBench.content(1000)), (_, _) -> {}))
                    .problems()
                    .getFirst();
            assertEquals("node pve2 does not answer localhost: 595 Connection refused", problem.why());
        }
    }
}
