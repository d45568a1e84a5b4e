package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.testkit.RequiredTool;
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

/**
 * Services of extensions in the lab live as on Talos: namespaces, mounts, dependencies, restarts, and what it refuses.
 */
@Tag("boot")
class ServiceLifeTest {
    private static final Duration BOOT = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofMinutes(5);
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
                .symlink(container + "/link", "/run/state")
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
        BootMedium medium =
                new StandInMachine(folder).layer("services", services).medium(packages, null, ARGUMENTS);
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
                busybox swapoff /dev/null 2>&1
                busybox grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/self/status
                busybox echo files $(ulimit -n) $(ulimit -Hn) oom $(busybox cat /proc/self/oom_score_adj)
                busybox cat /proc/kcore | busybox wc -c
                busybox ls /dev | busybox tr '\\n' ' '
                busybox cat /etc/look.conf
                busybox env | busybox sort
                busybox sleep 3600
                """, """
                  environmentFile: /usr/local/etc/look.env
                  environment: [ONE=service, TWO=service]
                  mounts:
                    - source: /run/state
                      destination: /link
                      type: bind
                      options: [rbind, rw, ~]
                  security:
                    maskedPaths: ~
                restart: always
                """);
        root.file("usr/local/etc/look.env", 0644, "# said\nTHREE=\"a file\\x\"\nexport TWO=file\n");
        // Talos does not know a flavour, and says nothing of it.
        service(root, "once", "busybox echo was here", "restart: never\nflavour: vanilla\nlogToConsole: true\n");
        service(root, "tries", "[ -e /state/mark ] || { busybox touch /state/mark; exit 3; }", """
                  mounts:
                    - {}
                restart: untilSuccess
                """.replace(
                        "- {}", """
                - source: /run/tries
                      destination: /state
                      type: bind
                      options:
                      - bind""".stripLeading()));
        service(root, "path", "busybox sleep 3600", "depends:\n  - path: /run/mark\nrestart: always\n");
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
                            new BootReport.Waiting("path", "path /run/mark")),
                    report.waiting());
            assertTrue(report.notes().contains("user-data document v1alpha1 left alone"), report::toString);
            assertTrue(report.notes().contains("service once finished"), report::toString);
            assertTrue(
                    report.notes().contains("service tries ended with status 3 and is started again in 5 s"),
                    report::toString);
            assertTrue(report.notes().contains("service tries finished"), report::toString);
            assertEquals("was here\n", machine.output("service_log once", SOON));
            assertTrue(console(machine).contains("was here"), () -> "a bare line is on " + machine.serialLog());
            assertTrue(machine.output("dmesg", SOON).contains("] was here\n"));
            assertEquals("talos-forge-lab\n", machine.output("hostname", SOON), "without a network-config");
            // The PATH is the shell's own, for nobody gave it one.
            assertEquals("""
                    pid 1
                    root read-only
                    run writable
                    mount behind a link writable
                    configuration read-only
                    kernel parameters read-only
                    swapoff: /dev/null: Operation not permitted
                    CapBnd:\t000001ffffbeffff
                    NoNewPrivs:\t1
                    Seccomp:\t2
                    files 1024 1024 oom -600
                    0
                    fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero a  line with \\n and "quotes"
                    HOME=/root
                    ONE=service
                    PATH=/sbin:/usr/sbin:/bin:/usr/bin
                    PWD=/
                    SHLVL=1
                    THREE=a file\\x
                    TWO=machine
                    """, machine.output("service_log look", SOON));

            machine.output("touch /run/mark; until [ \"$(service_state path)\" = running ]; do sleep 1; done", SOON);
            // The first process of a container that handles no SIGTERM does not get any: ten seconds, then SIGKILL.
            long seconds =
                    Long.parseLong(machine.output("a=$(date +%s); service_stop path; echo $(($(date +%s) - a))", SOON)
                            .strip());
            assertTrue(seconds >= 10, () -> seconds + " s");
            assertEquals("stopped\n", machine.output("service_state path", SOON));
            machine.output("service_start path; until [ \"$(service_state path)\" = running ]; do sleep 1; done", SOON);
            assertEquals(
                    new CommandAnswer(127, "service follows does not run\n"),
                    machine.run("enter follows /bin/busybox true", SOON));
            saysWhatItCannotDo(machine);
        }
    }

    private static List<String> console(Machine machine) throws IOException {
        return Files.readString(machine.serialLog()).lines().toList();
    }

    private static void saysWhatItCannotDo(Machine machine) throws IOException {
        BuildException status = assertThrows(BuildException.class, () -> machine.output("echo no; exit 3", SOON));
        assertEquals(
                "cannot run \"echo no; exit 3\" in vmlinuz with initramfs",
                first(status).what());
        assertEquals(
                "it ended with status 3 and printed: no",
                firstLine(first(status).why()));
        BuildException silent = assertThrows(
                BuildException.class, () -> machine.awaitConsole(Pattern.compile("never"), Duration.ofSeconds(1)));
        assertEquals("cannot go on with vmlinuz with initramfs", first(silent).what());
        assertEquals(
                "the console did not show \"never\" within 1 s",
                firstLine(first(silent).why()));
        BuildException slow =
                assertThrows(BuildException.class, () -> machine.run("sleep 4; echo late", Duration.ofSeconds(1)));
        assertEquals("there was no answer within 1 s", firstLine(first(slow).why()));
        // An answer that nobody waits for any more is not taken for that to the next command.
        assertEquals("next\n", machine.output("echo next", SOON));
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
                "idmap#bad.yaml: container/mounts/0/uidmappings/0/size is not understood by the lab",
                "ends#service bad ended",
                "document#user-data: ExtensionServiceConfig bad: files/0 is not understood",
                "yaml#user-data, line 2: folded text (>) is not understood here, literal text (|) is",
                "network#network-config: no card has the address 52:54:00:00:00:99",
            })
    void refuses(String what, String why) throws IOException {
        String rest = switch (what) {
            case "source" ->
                "  mounts:\n    - source: tmpfs\n      destination: /var\n      type: tmpfs\nrestart: always\n";
            case "idmap" ->
                "  mounts:\n    - source: /run\n      destination: /x\n      uidmappings:\n        - size: 1\nrestart: always\n";
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
        service(root, "bad", "exit 0", rest);
        if (what.equals("ends")) {
            // A name is looked for in the PATH that the service brings, and there is no other.
            root.file("usr/local/etc/containers/bad.yaml", 0644, """
                    name: bad
                    container:
                      entrypoint: sh
                    restart: always
                    """);
        }
        try (Machine machine = start(what, root.build(), userData, network)) {
            BuildException refused = assertThrows(BuildException.class, () -> machine.awaitReady(BOOT));
            assertEquals(why, firstLine(first(refused).why()));
            assertEquals(
                    what.equals("ends"),
                    console(machine)
                            .contains("talos-forge-lab: service bad log cannot be set up: exec: \"sh\": executable file"
                                    + " not found in $PATH"));
            assertEquals(
                    "the whole console is in " + machine.serialLog(),
                    String.valueOf(first(refused).remedy()));
        }
    }

    /** As on Talos, the machine runs on without them, and its console is told from the fifth on. */
    @Test
    void skipsFilesThatTalosSkips() throws IOException {
        TreeBuilder root = new TreeBuilder(StandIns.MODIFIED);
        String container = "container:\n  entrypoint: /bin/sh\n";
        service(root, "good", "busybox sleep 3600", "restart: always\n---\n]]] no YAML any more\n");
        service(root, "one", "exit 0", "restart: sometimes\n");
        service(root, "two", "exit 0", "restart: always\nlogToConsole: \"true\"\n");
        service(root, "three", "exit 0", "depends:\n  - time: no\nrestart: always\n");
        service(root, "zero", "exit 0", "");
        root.file("usr/local/etc/containers/four.yaml", 0644, "name: Four\nrestart: always\n" + container);
        root.file("usr/local/etc/containers/zwei.yaml", 0644, "name: good\nrestart: always\n" + container);
        try (Machine machine = start("skipped", root.build(), null, null)) {
            BuildException refused = assertThrows(BuildException.class, () -> machine.awaitReady(BOOT));
            assertEquals(
                    "service file four.yaml: name \"Four\" is invalid; Talos skips it and says so in no other place than the"
                            + " log controller-runtime",
                    firstLine(first(refused).why()));
            String console = Files.readString(machine.serialLog());
            assertTrue(console.contains("talos-forge-lab: service good running"), console);
            assertEquals(
                    List.of(
                            "[talos] error validating extension service spec {\"component\": \"controller-runtime\","
                                    + " \"controller\": \"runtime.ExtensionServiceController\", \"filename\": \"zero.yaml\","
                                    + " \"error\": \"restart kind is invalid: RestartKind(0)\"}",
                            "[talos] duplicate service spec {\"component\": \"controller-runtime\","
                                    + " \"controller\": \"runtime.ExtensionServiceController\", \"filename\": \"zwei.yaml\","
                                    + " \"error\": \"good\"}"),
                    console.lines().filter(line -> line.startsWith("[talos]")).toList());
            assertEquals(
                    "four one three two zero zwei\n",
                    machine.output(
                            "sed 's/.*\"filename\": \"\\(.*\\).yaml\".*/\\1/' /run/controller-runtime.log | tr '\\n' ' ' |"
                                    + " sed 's/ $/\\n/'",
                            SOON));
        }
    }
}
