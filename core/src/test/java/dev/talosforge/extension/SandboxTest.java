package dev.talosforge.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.extension.Sandbox.Ending;
import dev.talosforge.extension.Sandbox.Outcome;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs see and may do in a sandbox, and how they end. */
@Tag("apt")
class SandboxTest {
    /** Seconds, which tell the sleep of this run of the test from that of another on the same machine. */
    private static final String LONG =
            System.getProperty("test.sleep", "86399." + ProcessHandle.current().pid());

    @TempDir
    private Path folder;

    private Sandbox.Run script(String script, Duration limit) throws IOException {
        Path work = Files.createDirectories(folder.resolve("work"));
        Files.createDirectories(work.resolve("source"));
        SortedMap<String, String> variables = new TreeMap<>();
        variables.put("PATH", "/usr/bin");
        variables.put("GREETING", "hello");
        return new Sandbox.Run(
                Tools.root(),
                work,
                "source",
                variables,
                List.of("bash", "-c", script),
                Files.write(folder.resolve("log"), new byte[0]),
                limit,
                _ -> {});
    }

    private String message(Sandbox sandbox, String script) throws Exception {
        Outcome outcome = sandbox.run(script(script, Duration.ofMinutes(10)));
        String log = Files.readString(folder.resolve("log"));
        assertEquals(new Outcome(Ending.ENDED, 0), outcome, log);
        return log;
    }

    @Test
    void nothingOfTheMachineIsThere() throws Exception {
        String message = message(new Sandbox(), """
                cd /; echo *
                ls /etc/hostname /etc/shadow /sys /home/* 2>&1
                echo "network: $(sed -n 's/ *\\([a-z0-9]*\\):.*/\\1/p' /proc/net/dev | tr '\\n' ' ')"
                cat /proc/sys/kernel/hostname
                echo "processes: $(echo /proc/[0-9]* | wc -w) or fewer than 9"
                env | sort | grep -v '^\\(_\\|PWD\\|OLDPWD\\|SHLVL\\)='
                cat /proc/[0-9]*/environ | tr '\\0' '\\n' | sort -u | grep -v '^\\(GREETING\\|PATH\\|_\\|PWD\\|OLDPWD\\|SHLVL\\)='
                grep Cap /proc/self/status | grep -v 0000000000000000
                echo "$(id -u) $(id -g)"
                """);
        String expected = """
                bin boot build dev etc home lib lib64 proc root run sbin sys tmp usr var
                ls: cannot access '/etc/hostname': No such file or directory
                ls: cannot access '/etc/shadow': No such file or directory
                ls: cannot access '/home/*': No such file or directory
                /sys:
                network: lo\s
                talos-forge
                processes: N or fewer than 9
                GREETING=hello
                PATH=/usr/bin
                0 0
                """;
        assertEquals(expected, message.replaceAll("processes: [1-8] ", "processes: N "));
    }

    @Test
    void aServerOfTheMachineCannotBeReached() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(200);
            String message = message(
                    new Sandbox(),
                    "(exec 3<>/dev/tcp/127.0.0.1/%d) 2>&1 | grep -o 'Connection refused' | sort -u"
                            .formatted(server.getLocalPort()));
            assertEquals("Connection refused\n", message);
            assertThrows(SocketTimeoutException.class, server::accept);
        }
    }

    @Test
    void onlyTheWorkFolderStays() throws Exception {
        String message = message(new Sandbox(), """
                for file in /new /usr/bin/new /etc/passwd; do
                    (echo x > $file) 2>/dev/null && echo "$file could be written"
                done
                find /proc -maxdepth 4 -not -path '/proc/[0-9]*' -not -path '/proc/*self*' -writable
                [ -w /proc/sys/kernel/core_pattern ] && echo "the kernel's settings could be written"
                mknod /build/device c 1 3 2>/dev/null && echo "a device could be made"
                mount -t tmpfs none /tmp 2>/dev/null && echo "something could be mounted"
                echo kept > /tmp/file && cp /tmp/file /build/file
                mkdir /build/made
                pwd
                """);
        assertEquals("/build/source\n", message);
        assertEquals("kept\n", Files.readString(folder.resolve("work/file")));
        assertFalse(Files.exists(Tools.root().resolve("tmp/file")));
        assertEquals(
                "rw-r--r-- rwxr-xr-x",
                "%s %s".formatted(modes(folder.resolve("work/file")), modes(folder.resolve("work/made"))));
    }

    private static String modes(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Root gives its rights up before, so that it is in the place of anybody. */
    @Test
    void worksForAnOrdinaryUser() throws Exception {
        RequiredTool.named("setpriv", "util-linux");
        boolean root = "root".equals(System.getProperty("user.name"));
        Path program = Files.writeString(
                folder.resolve("bwrap"),
                "#!/bin/sh\n%sexec bwrap \"$@\"\n"
                        .formatted(
                                root
                                        ? "exec setpriv --reuid=65534 --regid=65534 --clear-groups -- bwrap \"$@\"\n"
                                        : ""));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Sandbox sandbox = new Sandbox(program.toString(), Path.of("/proc/sys"));
        Sandbox.Run run = script(
                "id -u > /build/source/id; chown 0:0 /build/source/id; ls -n /build/source", Duration.ofMinutes(10));
        Path source = run.work().resolve("source");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertNull(sandbox.problem());
        assertEquals(new Outcome(Ending.ENDED, 0), sandbox.run(run), () -> log());
        assertEquals("0\n", Files.readString(source.resolve("id")));
        assertTrue(log().matches("(?s)total .*-rw-r--r-- 1 0 0 2 .* id\n"), this::log);
        Integer owner = (Integer) Files.getAttribute(source.resolve("id"), "unix:uid");
        assertEquals(root, Objects.equals(owner, 65534), () -> "owner " + owner);
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void endsWhatTakesTooLongOrSaysTooMuch() throws Exception {
        // On a busy machine a sandbox may need the shortest of these times to begin.
        for (int seconds = 1; seconds <= 64; seconds *= 2) {
            Outcome late = new Sandbox().run(script("echo begun; sleep " + LONG, Duration.ofSeconds(seconds)));
            assertEquals(Ending.OUT_OF_TIME, late.ending());
            if (!log().isEmpty()) {
                break;
            }
        }
        assertEquals("begun\n", log());
        Outcome chatty = new Sandbox().run(script("yes", Duration.ofMinutes(5)));
        assertEquals(Ending.OUTPUT_LIMIT, chatty.ending());
        assertEquals(0, sleeping(), "programs of the sandbox are left");
    }

    @Test
    void everythingEndsWhenItIsInterrupted() throws Exception {
        Sandbox.Run run = script("sleep %1$s & sleep %1$s".formatted(LONG), Duration.ofMinutes(5));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                new Sandbox().run(run);
            } catch (Exception e) {
                thrown.set(e);
            }
        });
        until(() -> sleeping() == 2);
        thread.interrupt();
        assertTrue(thread.join(Duration.ofMinutes(5)));
        assertTrue(thrown.get() instanceof InterruptedException, () -> "thrown: " + thrown.get());
        until(() -> sleeping() == 0);
        assertEquals(0, sleeping());
    }

    /** Runs in a Java of its own, which is killed. */
    static final class Killed {
        private Killed() {}

        public static void main(String[] args) throws Exception {
            SortedMap<String, String> variables = new TreeMap<>();
            variables.put("PATH", "/usr/bin");
            new Sandbox()
                    .run(new Sandbox.Run(
                            Path.of(args[0]),
                            Path.of(args[1]),
                            "",
                            variables,
                            List.of("bash", "-c", "sleep %1$s & sleep %1$s".formatted(LONG)),
                            Path.of(args[2]),
                            Duration.ofMinutes(5),
                            _ -> {}));
        }
    }

    @Test
    void everythingEndsWhenThisProcessIsKilled() throws Exception {
        Sandbox.Run run = script("", Duration.ofMinutes(10));
        Process java = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-Dtest.sleep=" + LONG,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        run.root().toString(),
                        run.work().toString(),
                        run.log().toString())
                .inheritIO()
                .start();
        try {
            until(() -> sleeping() == 2);
        } finally {
            java.destroyForcibly();
        }
        assertTrue(java.waitFor(120, TimeUnit.SECONDS));
        until(() -> sleeping() == 0);
        assertEquals(0, sleeping());
    }

    private static long sleeping() throws IOException {
        long count = 0;
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            String[] arguments = process.info().arguments().orElse(new String[0]);
            if (List.of(arguments).equals(List.of(LONG))) {
                count++;
            }
        }
        return count;
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void until(Condition condition) throws Exception {
        for (int i = 0; i < 6000 && !condition.holds(); i++) {
            Thread.sleep(50);
        }
        assertTrue(condition.holds());
    }

    @Test
    void aMachineWithoutBwrapIsReported() throws Exception {
        assertEquals(
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot run builds")
                        .because("cannot start " + folder + "/missing, which isolates builds from the machine")
                        .trying(new Remedy.Install("bubblewrap")),
                new Sandbox(folder.resolve("missing").toString(), folder).problem());
    }

    @Test
    void aMachineThatForbidsItIsExplainedByItsSetting() throws Exception {
        Path program = Files.writeString(folder.resolve("bwrap"), """
                #!/bin/sh
                echo "bwrap: setting up uid map: Permission denied" >&2
                exit 1
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String why = program + " cannot make a sandbox: bwrap: setting up uid map: Permission denied";
        assertEquals(
                problem(
                        why,
                        "run it where user namespaces are allowed: on the machine itself, or in a container that may create them and mount /proc"),
                refusal(program, "kernel/other", "1"));
        assertEquals(
                problem(
                        why,
                        "allow user namespaces for bwrap in an AppArmor profile, or for all programs:"
                                + " sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
                refusal(program, "kernel/apparmor_restrict_unprivileged_userns", "1"));
        assertEquals(
                problem(why, "allow user namespaces: sysctl -w user.max_user_namespaces=15000"),
                refusal(program, "user/max_user_namespaces", "0"));
        assertEquals(
                problem(why, "allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1"),
                refusal(program, "kernel/unprivileged_userns_clone", "0"));
    }

    private Problem refusal(Path program, String setting, String value) throws Exception {
        Path file = folder.resolve("sys").resolve(setting);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, value + "\n");
        return Objects.requireNonNull(new Sandbox(program.toString(), folder.resolve("sys")).problem());
    }

    private static Problem problem(String why, String remedy) {
        return Problem.failed(Problem.Kind.ENVIRONMENT, "cannot run builds")
                .because(why)
                .trying(remedy);
    }
}
