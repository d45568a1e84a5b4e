package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines of the lab on one cable, each with services of an extension that live as they would on Talos. */
@Tag("boot")
class NetworkedMachinesTest {
    private static final Duration BOOT = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final String ARGUMENTS = "talos.platform=nocloud console=tty1 console=ttyS0 no_timer_check";

    /** Kept: a failure names the console's log in it. */
    private final Path logs = Path.of("target/networked-machines");

    @TempDir
    private Path folder;

    private static String service(String name, String rest) {
        return "name: %s\ncontainer:\n  entrypoint: /bin/busybox\n%s".formatted(name, rest);
    }

    /** A web server that shows its configuration, and a service that waits for one. */
    private static FileTree services(ByteSource busybox) throws IOException {
        TreeBuilder root = new TreeBuilder(StandIns.MODIFIED);
        for (String name : List.of("web", "waits")) {
            root.file("usr/local/lib/containers/" + name + "/bin/busybox", 0755, busybox);
        }
        return root.file("usr/local/etc/containers/web.yaml", 0644, service("web", """
                          args: [httpd, -f, -v, -p, "80", -h, /www]
                          mounts:
                            - source: /run/web
                              destination: /state
                              type: bind
                              options: [bind, rw]
                        depends:
                          - network: [addresses]
                        logToConsole: true
                        restart: always
                        """))
                .file("usr/local/etc/containers/waits.yaml", 0644, service("waits", """
                          args: [sleep, "3600"]
                        depends:
                          - configuration: true
                        restart: always
                        """))
                .build();
    }

    private static String network(int number) {
        return """
                version: 2
                ethernets:
                  link:
                    match:
                      macaddress: "52:54:00:00:00:%02d"
                    mtu: 1400
                    addresses:
                      - 192.0.2.%d/24
                      - 2001:db8::%d/64
                """.formatted(number, number, number);
    }

    private Hardware hardware(int number, Nic.CableEnd end, int hostPort) throws IOException {
        String userData = """
                apiVersion: v1alpha1
                kind: ExtensionServiceConfig
                name: web
                configFiles:
                  - content: |
                      machine %d
                    mountPath: /www/index.html
                environment:
                  - GREETING=hello there
                """.formatted(number);
        Path drive =
                StandInMachine.drive(folder.resolve(number + ".iso"), "machine-" + number, userData, network(number));
        return Hardware.of(768)
                .withNics(List.of(
                        new Nic("52:54:00:00:00:%02d".formatted(number), end),
                        new Nic(
                                "52:54:00:00:01:%02d".formatted(number),
                                new Nic.Isolated(List.of(new Nic.Forward(hostPort, 80))))))
                .withDrive(drive);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What the web server shows. Its service runs when its program is started, which listens a moment later. */
    private static String page(int port) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try (InputStream in =
                    URI.create("http://127.0.0.1:" + port + "/").toURL().openStream()) {
                return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            } catch (SocketException e) {
                if (System.nanoTime() - start > SOON.toNanos()) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Test
    void talkToEachOtherAndLiveAsOnTalos() throws IOException {
        RequiredTool.named("qemu-system-x86_64", "qemu-system-x86");
        DebPackages packages = StandInMachine.packages();
        ByteSource busybox = StandInMachine.busybox(packages, folder.resolve("busybox"));
        BootMedium medium =
                new StandInMachine(folder).layer("services", services(busybox)).medium(packages, null, ARGUMENTS);
        Cable cable = Cable.free();
        int port = freePort();
        try (Machine one = new QemuBoot(logs.resolve("one"), InstantSource.system(), hardware(1, cable.one(), port))
                        .start(medium);
                Machine other = new QemuBoot(
                                logs.resolve("other"), InstantSource.system(), hardware(2, cable.other(), freePort()))
                        .start(medium)) {
            BootReport report = one.awaitReady(BOOT);
            assertEquals(List.of("web"), report.running());
            assertEquals(List.of(new BootReport.Waiting("waits", "configuration")), report.waiting());
            assertEquals(List.of("web"), other.awaitReady(BOOT).running());

            assertEquals("machine-1\n", one.output("hostname", SOON));
            one.output("ping -c 1 -W 10 192.0.2.2", SOON);
            other.output("ping -c 1 -W 10 2001:db8::1", SOON);
            assertEquals("machine 1\n", page(port));
            assertEquals("waiting for configuration\n", one.output("service_state waits", SOON));

            one.output("kill -9 $(cat /run/services/web/pid)", SOON);
            one.awaitConsole(
                    Pattern.compile("service web ended with status \\d+ and is started again in 5 s\\n"), SOON);
            one.output("until [ \"$(service_state web)\" = running ]; do sleep 1; done", SOON);
            assertTrue(page(port).startsWith("machine 1"));
            assertEquals(
                    "hello there|/|0|machine-1|1400\n",
                    one.output(
                            "echo \"$(tr '\\0' '\\n' <\"/proc/$(cat /run/services/web/pid)/environ\" | sed -n 's/^GREETING=//p')"
                                    + "|$(tr '\\0' '\\n' <\"/proc/$(cat /run/services/web/pid)/environ\" | sed -n 's/^HOME=//p')"
                                    + "|$(tr '\\0' '\\n' <\"/proc/$(cat /run/services/web/pid)/environ\" | grep -c '^PATH=')"
                                    + "|$(enter web /bin/busybox hostname)|$(cat /sys/class/net/eth0/mtu)\"",
                            SOON));
            one.powerOff(SOON);
            one.awaitConsole(
                    Pattern.compile("talos-forge-lab: service web stopped\n(?:.*\n)*talos-forge-lab: off\n"), SOON);
        }
    }
}
