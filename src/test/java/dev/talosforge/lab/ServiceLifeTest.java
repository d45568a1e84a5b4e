package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.RequiredTool;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services of extensions in the lab live as on Talos: namespaces, mounts, dependencies, restarts, and what it refuses. */
@Tag("boot")
class ServiceLifeTest {
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ARGUMENTS = "talos.platform=nocloud console=tty1 console=ttyS0 no_timer_check";
    private static final Path LOGS = Path.of("target/service-life");

    @TempDir
    private static Path base;

    private static DebPackages packages = new DebPackages(new TreeMap<>());
    private static ByteSource busybox = ByteSource.of(new byte[0]);

    @TempDir
    private Path folder;

    @BeforeAll
    static void fetch() throws IOException {
        RequiredTool.named("qemu-system-x86_64", "qemu-system-x86");
        packages = StandInMachine.packages();
        busybox = StandInMachine.busybox(packages, base);
    }

    /** A service that runs a line of shell. */
    private static void service(TreeBuilder root, String name, String script, String rest) throws IOException {
        String container = "usr/local/lib/containers/" + name;
        root.file(container + "/bin/busybox", 0755, busybox)
                .symlink(container + "/bin/sh", "busybox")
                .file(container + "/etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n")
                .symlink(container + "/link", "/var/lib/state")
                .file("usr/local/etc/containers/" + name + ".yaml", 0644, """
                        # A service of a test.
                        name: %s
                        container:
                          entrypoint: ./bin/sh
                          args:
                            - -c
                            - |
                              %s
                        %s""".formatted(
                                name, script.replace("\n", "\n      "), rest));
    }

    private Machine start(String log, FileTree services, @Nullable String userData, @Nullable String network)
            throws IOException {
        BootMedium medium = new StandInMachine(folder)
                .layer("services", services)
                .medium(new StandIns(packages, Files.createDirectories(folder.resolve("base"))), null, ARGUMENTS);
        Path drive = StandInMachine.drive(folder.resolve("cidata.iso"), "lab", userData, network);
        return new QemuBoot(
                        LOGS.resolve(log),
                        InstantSource.system(),
                        Hardware.of(768).withDrive(drive))
                .start(medium);
    }

    private static FileTree manyServices() throws IOException {
        TreeBuilder root = new TreeBuilder(StandIns.MODIFIED);
        service(root, "look", """
                busybox echo pid $$
                busybox touch /no 2>/dev/null || busybox echo root read-only
                busybox touch /run/yes && busybox echo run writable
                busybox touch /link/yes && busybox echo mount behind a link writable
                busybox touch /etc/look.conf 2>/dev/null || busybox echo configuration read-only
                (busybox echo 0 >/proc/sys/net/ipv4/ip_forward) 2>/dev/null || busybox echo kernel parameters read-only
                busybox ls /dev | busybox tr '\\n' ' '
                busybox cat /etc/look.conf
                busybox env | busybox sort
                busybox sleep 3600
                """, """
                  environmentFile: /usr/local/etc/look.env
                  environment: [ONE=service, TWO=service]
                  mounts:
                    - source: /var/lib/state
                      destination: /link
                      type: bind
                      options: [rbind, rw]
                restart: always
                """);
        root.file("usr/local/etc/look.env", 0644, "# said\nTHREE=\"a file\\x\"\nexport TWO=file\n");
        service(root, "once", "busybox echo was here", "restart: never\n");
        service(root, "tries", "[ -e /state/mark ] || { busybox touch /state/mark; exit 3; }", """
                  mounts:
                    - {}
                restart: untilSuccess
                """.replace(
                        "- {}", """
                - source: /var/lib/tries
                      destination: /state
                      type: bind
                      options:
                      - bind""".stripLeading()));
        service(root, "path", "busybox sleep 3600", "depends:\n  - path: /var/lib/mark\nrestart: always\n");
        service(root, "follows", "busybox sleep 3600", "depends:\n- service: kubelet\nrestart: always\n");
        service(root, "behind", "busybox sleep 3600", "depends:\n- service: ext-look\nrestart: always\n");
        return root.build();
    }

    @Test
    void runsThemAsTheirFilesSay() throws IOException {
        String userData = """
                version: v1alpha1
                machine: {}
                ---
                apiVersion: v1alpha1
                kind: ExtensionServiceConfig
                name: look
                configFiles:
                  - mountPath: /etc/look.conf
                    content: |
                      a  line with \\n and "quotes"
                environment:
                  - TWO=machine
                """;
        try (Machine machine = start("many", manyServices(), userData, null)) {
            BootReport report = machine.awaitReady(BOOT);
            assertEquals(List.of("behind", "look"), report.running());
            assertEquals(
                    List.of(
                            new BootReport.Waiting("follows", "service kubelet"),
                            new BootReport.Waiting("path", "path /var/lib/mark")),
                    report.waiting());
            assertTrue(report.notes().contains("user-data document v1alpha1 left alone"), report::toString);
            assertTrue(report.notes().contains("service once finished"), report::toString);
            assertTrue(
                    report.notes().contains("service tries ended with status 3 and is started again in 5 s"),
                    report::toString);
            assertTrue(report.notes().contains("service tries finished"), report::toString);
            assertEquals("was here\n", machine.told("service_log once", SOON));
            assertEquals("""
                    pid 1
                    root read-only
                    run writable
                    mount behind a link writable
                    configuration read-only
                    kernel parameters read-only
                    fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero a  line with \\n and "quotes"
                    HOME=/root
                    ONE=service
                    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                    PWD=/
                    SHLVL=1
                    THREE=a file\\x
                    TWO=machine
                    """, machine.told("service_log look", SOON));

            machine.told("touch /var/lib/mark; until [ \"$(service_state path)\" = running ]; do sleep 1; done", SOON);
            // The first process of a container that handles no SIGTERM does not get any: ten seconds, then SIGKILL.
            long seconds =
                    Long.parseLong(machine.told("a=$(date +%s); service_stop path; echo $(($(date +%s) - a))", SOON)
                            .strip());
            assertTrue(seconds >= 10, () -> seconds + " s");
            assertEquals("stopped\n", machine.told("service_state path", SOON));
            machine.told("service_start path; until [ \"$(service_state path)\" = running ]; do sleep 1; done", SOON);
            assertEquals(
                    new Machine.Answer(127, "service follows does not run\n"),
                    machine.run("enter follows /bin/busybox true", SOON));
            saysWhatItCannotDo(machine);
        }
    }

    private static void saysWhatItCannotDo(Machine machine) throws IOException {
        BuildException status = assertThrows(BuildException.class, () -> machine.told("echo no; exit 3", SOON));
        assertEquals(
                "cannot run \"echo no; exit 3\" in vmlinuz with initramfs",
                first(status).what());
        assertEquals(
                "it ended with status 3 and said: no", firstLine(first(status).why()));
        BuildException silent = assertThrows(
                BuildException.class, () -> machine.awaitConsole(Pattern.compile("never"), Duration.ofSeconds(1)));
        assertEquals("cannot go on with vmlinuz with initramfs", first(silent).what());
        assertEquals(
                "the console did not say \"never\" within 1 s",
                firstLine(first(silent).why()));
        BuildException slow =
                assertThrows(BuildException.class, () -> machine.run("sleep 4; echo late", Duration.ofSeconds(1)));
        assertEquals("there was no answer within 1 s", firstLine(first(slow).why()));
        // An answer that nobody waits for any more is not taken for that to the next command.
        assertEquals("next\n", machine.told("echo next", SOON));
    }

    private static Problem first(BuildException e) {
        return e.problems().getFirst();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** What Talos could not do either, or what the lab does not understand, is no boot. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "source#service bad: the source of a mount cannot be made: mkdir: can't create directory 'tmpfs': Read-only file system",
                "restart#service bad: restart \"sometimes\" is none of always, never and untilSuccess",
                "unknown#service bad: container/capabilities/0 is not understood",
                "ends#service bad ended",
                "document#user-data: ExtensionServiceConfig bad: files/0 is not understood",
                "yaml#user-data, line 2: folded text (>) is not understood here, literal text (|) is",
                "network#network-config: no card has the address 52:54:00:00:00:99",
            })
    void refuses(String what, String why) throws IOException {
        String rest = switch (what) {
            case "source" ->
                "  mounts:\n    - source: tmpfs\n      destination: /var\n      type: tmpfs\nrestart: always\n";
            case "restart" -> "restart: sometimes\n";
            case "unknown" -> "  capabilities: [all]\nrestart: always\n";
            default -> "restart: always\n";
        };
        String userData = switch (what) {
            case "document" -> "apiVersion: v1alpha1\nkind: ExtensionServiceConfig\nname: bad\nfiles: [a]\n";
            case "yaml" -> "kind: x\ntext: >\n  folded\n";
            default -> null;
        };
        String network = what.equals("network")
                ? "version: 2\nethernets:\n  a:\n    match:\n      macaddress: 52:54:00:00:00:99\n    dhcp4: true\n"
                : null;
        TreeBuilder root = new TreeBuilder(StandIns.MODIFIED);
        service(root, "bad", "exit " + (what.equals("ends") ? 1 : 0), rest);
        try (Machine machine = start(what, root.build(), userData, network)) {
            BuildException refused = assertThrows(BuildException.class, () -> machine.awaitReady(BOOT));
            assertEquals(why, firstLine(first(refused).why()));
            assertEquals(
                    "the whole console is in " + machine.serialLog(),
                    first(refused).remedy());
        }
    }
}
