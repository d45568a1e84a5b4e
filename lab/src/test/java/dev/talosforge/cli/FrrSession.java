package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.lab.BootMedium;
import dev.talosforge.lab.Cable;
import dev.talosforge.lab.CloudInitDrive;
import dev.talosforge.lab.Hardware;
import dev.talosforge.lab.Machine;
import dev.talosforge.lab.Nic;
import dev.talosforge.lab.QemuBoot;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * Two machines that boot the same ISO with the two configurations of docs/frr.md, on one cable: what FRR does between
 * them and how it lives through what happens to it. The consoles stay in target/frr-session.
 */
final class FrrSession implements AutoCloseable {
    private static final Path LOGS = Path.of("target/frr-session").toAbsolutePath();
    private static final Path CONFIGURATIONS = Path.of("examples/frr");
    private static final Duration BOOT = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final Duration SESSION = Duration.ofMinutes(10);

    /** Far less than the 180 s after which BGP itself gives a session up. */
    private static final Duration BEFORE_BGP = Duration.ofSeconds(90);

    /**
     * One of the two.
     *
     * @param peers addresses of the other one, IPv4 and IPv6
     * @param learned what the other one announces, IPv4 and IPv6
     */
    private record Side(String name, Machine machine, int metricsPort, List<String> peers, List<String> learned) {
        String tell(String command) throws IOException {
            return machine.output(command, SOON);
        }

        /** What the exporter says, asked from outside the machine. */
        String metrics() throws IOException {
            URLConnection connection = URI.create("http://127.0.0.1:" + metricsPort + "/metrics")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(60_000);
            connection.setReadTimeout(120_000);
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readNBytes(1 << 20), UTF_8);
            }
        }

        boolean isEstablished() throws IOException {
            String metrics;
            try {
                metrics = metrics();
            } catch (IOException e) {
                return false; // FRR or its exporter is not back yet.
            }
            return peers.stream()
                    .allMatch(peer -> metric(metrics, "frr_bgp_peer_state", peer) == 1
                            && metric(metrics, "frr_bgp_peer_prefixes_received_count_total", peer) == 1
                            && metric(metrics, "frr_bfd_peer_state", peer) == 1);
        }

        private static double metric(String metrics, String name, String peer) {
            return Pattern.compile("(?m)^" + name + "\\{.*peer=\"" + Pattern.quote(peer) + "\".*\\} (\\S+)$")
                    .matcher(metrics)
                    .results()
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .findFirst()
                    .orElse(-1);
        }

        /** The kernel's routes by BGP. */
        String routes() throws IOException {
            return tell("enter frr /usr/bin/ip -4 route show proto bgp; enter frr /usr/bin/ip -6 route show proto bgp");
        }

        boolean hasLearned() throws IOException {
            String routes = routes();
            return learned.stream()
                    .allMatch(prefix -> routes.lines()
                                    .filter(line -> line.startsWith(prefix + " "))
                                    .count()
                            == 1);
        }
    }

    private final Side node;
    private final Side router;
    private final long start = System.nanoTime();

    /** Switches both on. */
    FrrSession(Path iso) throws IOException {
        Cable cable = Cable.free();
        node = side(
                "node",
                iso,
                cable.one(),
                11,
                List.of("192.0.2.1", "2001:db8::1"),
                List.of("203.0.113.0/24", "2001:db8:200::/48"));
        router = side(
                "router",
                iso,
                cable.other(),
                1,
                List.of("192.0.2.11", "2001:db8::11"),
                List.of("198.51.100.0/24", "2001:db8:100::/48"));
    }

    private static Side side(
            String name, Path iso, Nic.CableEnd end, int number, List<String> peers, List<String> learned)
            throws IOException {
        Path folder = Files.createDirectories(LOGS.resolve(name));
        Path drive = folder.resolve("cidata.iso");
        new CloudInitDrive(
                        bytes("local-hostname: " + name + "\n"),
                        ByteSource.of(CONFIGURATIONS.resolve(name + ".yaml")),
                        bytes("""
                                version: 2
                                ethernets:
                                  eth0:
                                    addresses:
                                      - 192.0.2.%1$d/24
                                      - 2001:db8::%1$d/64
                                """.formatted(number)))
                .write(drive);
        int port = freePort();
        Nic fabric = new Nic("52:54:00:00:00:%02d".formatted(number), end);
        Nic outside = new Nic(
                "52:54:00:00:01:%02d".formatted(number), new Nic.Isolated(List.of(new Nic.Forward(port, 9342))));
        Hardware hardware = Hardware.of(1024).withNics(List.of(fabric, outside)).withDrive(drive);
        Machine machine = new QemuBoot(folder, InstantSource.system(), hardware)
                .start(new BootMedium.Iso(iso, BootMedium.Firmware.BIOS));
        return new Side(name, machine, port, peers, learned);
    }

    private static ByteSource bytes(String text) {
        return ByteSource.of(text.getBytes(UTF_8));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Both boot and reach a session each by IPv4, with a password, and by IPv6; routes are in both kernels. */
    void isEstablished() throws Exception {
        node.machine().awaitReady(BOOT);
        router.machine().awaitReady(BOOT);
        passed("both machines are ready");
        isBack("from nothing");
        Files.writeString(LOGS.resolve("metrics.txt"), node.metrics());
        Files.writeString(LOGS.resolve("routes.txt"), node.routes());
        assertTrue(node.metrics().contains("frr_bfd_peer_count 2\n"), () -> "see " + LOGS.resolve("metrics.txt"));
        assertTrue(
                node.tell("enter frr /usr/bin/vtysh -c 'show running-config'").contains("password"),
                "the session by IPv4 has no password");
    }

    /** A daemon that dies is started again by FRR's watchdog, with its configuration. */
    void livesThroughTheEndOfADaemon() throws Exception {
        String pid =
                node.tell("enter frr /bin/busybox cat /var/run/frr/bgpd.pid").strip();
        node.tell("enter frr /bin/busybox kill -KILL " + pid);
        node.machine().awaitConsole(Pattern.compile("WATCHFRR.*frr-start restart bgpd\\n"), SOON);
        await(
                "another bgpd",
                SOON,
                () -> !node.machine()
                        .run("enter frr /bin/busybox cat /var/run/frr/bgpd.pid", SOON)
                        .output()
                        .strip()
                        .equals(pid));
        isBack("after bgpd was killed");
    }

    /** Killed, the container leaves its routes in the kernel; the next one takes away those that are no more. */
    void livesThroughTheEndOfItsContainer() throws Exception {
        String old = "100.64.0.0/10";
        node.tell("enter frr /usr/bin/ip route add " + old + " via 192.0.2.1 proto bgp metric 20");
        node.machine().run("service_signal KILL frr", SOON);
        node.machine().awaitConsole(Pattern.compile("service frr ended with status \\d+ and is started again"), SOON);
        String left = node.tell("ip route");
        assertTrue(left.contains(old) && left.contains("203.0.113.0/24"), left);
        isBack("after its container was killed");
        assertFalse(node.routes().contains(old), "a route that nobody announces is still in the kernel");
    }

    /** Asked to end, it takes leave of its peers and takes its routes out of the kernel. */
    void endsCleanly() throws Exception {
        node.tell("kill -TERM $(cat /run/services/frr/pid)");
        node.machine().awaitConsole(Pattern.compile("frr-start: FRR stopped\\n"), SOON);
        router.machine()
                .awaitConsole(
                        Pattern.compile("received from neighbor 192\\.0\\.2\\.11 6/4 \\(Cease/Administrative Reset\\)"),
                        SOON);
        String left = node.tell("ip route; ip -6 route");
        for (String prefix : List.of("203.0.113.0", "2001:db8:200:", "198.51.100.0", "2001:db8:100:")) {
            assertFalse(left.contains(prefix), () -> prefix + " is still in the kernel: " + left);
        }
        isBack("after it was asked to end");
    }

    /** The other side's link goes down, which this side's card does not notice: BFD does, long before BGP would. */
    void detectsALinkThatIsDown() throws Exception {
        router.tell("ip link set eth0 down");
        long down = System.nanoTime();
        await("routes to be gone", BEFORE_BGP, () -> node.routes().isBlank());
        passed("routes gone %d ms after the link".formatted((System.nanoTime() - down) / 1_000_000));
        node.machine().awaitConsole(Pattern.compile("neighbor 192\\.0\\.2\\.1\\b.*\\n?.*BFD Down"), SOON);
        await(
                "BFD to be down",
                SOON,
                () -> node.peers().stream().allMatch(peer -> metricOf(node, "frr_bfd_peer_state", peer) == 0));
    }

    private static double metricOf(Side side, String name, String peer) {
        try {
            return Side.metric(side.metrics(), name, peer);
        } catch (IOException e) {
            return -1;
        }
    }

    private void isBack(String when) throws Exception {
        await("sessions " + when, SESSION, () -> node.isEstablished() && router.isEstablished());
        await("routes " + when, SESSION, () -> node.hasLearned() && router.hasLearned());
        passed("sessions " + when);
    }

    private void passed(String what) throws IOException {
        Files.writeString(
                LOGS.resolve("times.txt"),
                "%6.1f s  %s%n".formatted((System.nanoTime() - start) / 1e9, what),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    private void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("no %s within %d s; routes of the node: %s; consoles: %s, %s"
                        .formatted(
                                what,
                                limit.toSeconds(),
                                node.routes().strip(),
                                node.machine().serialLog(),
                                router.machine().serialLog()));
            }
            Thread.sleep(200);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            node.machine().close();
        } finally {
            router.machine().close();
        }
    }
}
