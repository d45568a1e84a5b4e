package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the example's start script decides, with stand-ins for FRR's programs that write down how they were called. */
@Tag("reference")
class FrrStartTest {
    private static final Path PROGRAMS =
            Path.of("examples/live/artifacts/extension/rootfs/usr/local/lib/containers/frr/usr/bin");

    /** A daemon: its socket and its number are there while it runs, as with FRR's. */
    private static final String DAEMON = """
            #!/usr/bin/env python3
            import os, signal, socket, sys
            name = os.path.basename(sys.argv[0])
            def note(text):
                with open("FOLDER/calls", "a") as calls:
                    calls.write(text + "\\n")
            if "--nonsense" in sys.argv:
                sys.exit("unrecognized option")
            signal.signal(signal.SIGTERM, lambda number, frame: (note("ended " + name), os._exit(0)))
            with open("FOLDER/run/" + name + ".pid", "w") as file:
                file.write(str(os.getpid()))
            note(" ".join(["started", name] + sys.argv[1:]))
            listening = socket.socket(socket.AF_UNIX)
            listening.bind("FOLDER/run/" + name + ".vty")
            while True:
                signal.pause()
            """;

    @TempDir
    private @Nullable Path temporary;

    private @Nullable Process running;

    private Path folder() {
        assertNotNull(temporary);
        return temporary;
    }

    @BeforeEach
    void standIns() throws IOException {
        for (String daemon : List.of("zebra", "staticd", "bgpd", "bfdd", "ospfd")) {
            program("lib/" + daemon, DAEMON);
        }
        program("lib/watchfrr", "#!/bin/sh\necho \"watchfrr $*\" >>FOLDER/calls\nexec sleep 60\n");
        program("bin/prometheus-frr-exporter", "#!/bin/sh\necho \"exporter $*\" >>FOLDER/calls\nexec sleep 60\n");
        program("bin/vtysh", """
                #!/bin/sh
                echo "vtysh $*" >>FOLDER/calls
                [ ! -f FOLDER/mistakes ] || { cat FOLDER/mistakes; exit 2; }
                """);
        program("bin/ip", "#!/bin/sh\necho \"ip $*\" >>FOLDER/calls\necho \"ip utility, iproute2-6.1.0\"\n");
        program("bin/chown", "#!/bin/sh\n");
        program(
                "bin/frr-start",
                Files.readString(PROGRAMS.resolve("frr-start"))
                        .replace("/usr/bin/frr-start", "FOLDER/bin/frr-start")
                        .replace("/usr/bin/ip", "FOLDER/bin/ip")
                        .replace(
                                "/bin/busybox",
                                RequiredTool.named("busybox", "busybox").path().toString())
                        .replace("/usr/lib/frr", "FOLDER/lib")
                        .replace("/var/run/frr", "FOLDER/run")
                        .replaceAll("/var/(tmp|log|lib)/frr", "FOLDER/$1")
                        .replace("/etc/frr/", "FOLDER/etc/"));
        Files.createDirectories(folder().resolve("etc"));
        Files.createDirectories(folder().resolve("run"));
    }

    @AfterEach
    void end() throws Exception {
        if (running != null && running.isAlive()) {
            running.destroy();
            running.waitFor();
        }
    }

    private void program(String path, String text) throws IOException {
        Path file = folder().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text.replace("FOLDER", folder().toString()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(
                List.of(folder().resolve("bin/frr-start").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder().resolve("console").toFile());
        builder.environment().put("PATH", folder().resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().remove("FRR_EXPORTER_LISTEN");
        running = builder.start();
        return running;
    }

    private String console() throws IOException {
        return Files.readString(folder().resolve("console"))
                .replace(folder().toString(), "")
                .replaceAll("(?m)^(?!frr-start: ).*\\n", "");
    }

    private String calls() throws IOException {
        return Files.readString(folder().resolve("calls")).replace(folder().toString(), "");
    }

    /** Runs all of it until it watches, and asks it to end. */
    private void runToTheEnd() throws Exception {
        Process process = start();
        while (!console().contains("frr-start: watching: ")) {
            assertTrue(process.isAlive(), this::consoleOrNothing);
            Thread.sleep(20);
        }
        process.destroy();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }

    private String consoleOrNothing() {
        try {
            return Files.readString(folder().resolve("console"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void shellcheckHasNothingToSay() throws Exception {
        RequiredTool.named("shellcheck", "shellcheck")
                .run(PROGRAMS.toAbsolutePath(), Path.of("/dev/null"), "frr-start", "sh");
    }

    @Test
    void startsAndEndsInOrder() throws Exception {
        runToTheEnd();
        List<String> order = calls().lines()
                .filter(call -> call.matches("(started|ended|vtysh) .*"))
                .toList();
        assertEquals(
                List.of(
                        "started zebra -F traditional -P 0 -s 90000000",
                        "started staticd -F traditional -P 0",
                        "started bgpd -F traditional -P 0",
                        "started bfdd -F traditional -P 0",
                        "vtysh -b",
                        "vtysh -d bgpd -c clear bgp *",
                        "ended bgpd"),
                order.subList(0, 7));
        assertEquals(
                List.of("ended bfdd", "ended staticd"),
                order.subList(7, 9).stream().sorted().toList());
        assertEquals(List.of("ended zebra"), order.subList(9, order.size()));
        assertTrue(
                calls().contains("watchfrr -T 120 -s /bin/frr-start start %s -k /bin/frr-start stop %s"
                        + " -r /bin/frr-start restart %s zebra staticd bgpd bfdd\n"),
                calls());
        assertTrue(
                calls().contains("exporter --web.listen-address=:9342 --collector.bgp6 --no-collector.ospf"
                        + " --collector.bgp.peer-descriptions --collector.bgp.peer-descriptions.plain-text\n"),
                calls());
        assertEquals("""
                frr-start: watching: zebra staticd bgpd bfdd\s
                frr-start: asked to end; stopping FRR
                frr-start: FRR stopped
                """, console());
    }

    @Test
    void takesOldRoutesOutOfTheKernelBeforeZebraStarts() throws Exception {
        runToTheEnd();
        assertTrue(calls().startsWith("ip -V\nip -4 route flush table all proto 186\n"), calls());
        List<String> ip = calls().lines().filter(call -> call.startsWith("ip ")).toList();
        assertEquals(15, ip.size());
        assertEquals(ip, calls().lines().limit(15).toList());
    }

    /** That of busybox understands the command, leaves out its condition and flushes the routing table. */
    @Test
    void asksNoOtherIpToFlushRoutes() throws Exception {
        program("bin/ip", "#!/bin/sh\necho \"ip $*\" >>FOLDER/calls\necho \"ip: invalid option -- 'V'\" >&2\nexit 1\n");
        runToTheEnd();
        assertEquals(
                List.of("ip -V"),
                calls().lines().filter(call -> call.startsWith("ip ")).toList());
    }

    @Test
    void aDaemonThatIsRestartedGetsItsConfiguration() throws Exception {
        assertEquals(0, start("restart", "bgpd").waitFor());
        assertEquals("started bgpd -F traditional -P 0\nvtysh -b -d bgpd\n", calls());
        assertEquals(0, start("restart", "bgpd").waitFor());
        assertEquals(0, start("stop", "bgpd").waitFor());
        assertEquals(
                List.of("started", "vtysh", "ended", "started", "vtysh", "ended"),
                Pattern.compile("(?m)^\\w+")
                        .matcher(calls())
                        .results()
                        .map(MatchResult::group)
                        .toList());
    }

    @Test
    void saysWhichLinesOfTheConfigurationAreNotInEffect() throws Exception {
        Files.writeString(folder().resolve("mistakes"), """
                line 6: % Unknown command[25]:  neighbr 192.0.2.1 remote-as 65001

                Configuration file[/etc/frr/frr.conf] processing failure: 2
                """);
        runToTheEnd();
        assertTrue(console().startsWith("""
                        frr-start: /etc/frr.conf: line 6: % Unknown command[25]:  neighbr 192.0.2.1 remote-as 65001
                        frr-start: FRR runs with the other lines of /etc/frr.conf; correct these in the machine configuration
                        frr-start: watching: zebra staticd bgpd bfdd\s
                        """), this::consoleOrNothing);
    }

    @Test
    void takesDaemonsAndTheirOptionsFromTheirFile() throws Exception {
        Files.writeString(folder().resolve("etc/daemons"), """
                bfdd=no
                ospfd=yes
                ospfd_options="-A 127.0.0.1 --nonsense"
                bgpd_options="-l 192.0.2.11"
                """);
        runToTheEnd();
        assertTrue(calls().contains("started bgpd -F traditional -l 192.0.2.11\n"), calls());
        assertEquals("""
                frr-start: ospfd does not start with the options: -A 127.0.0.1 --nonsense
                frr-start: watching: zebra staticd bgpd ospfd\s
                frr-start: asked to end; stopping FRR
                frr-start: FRR stopped
                """, console());
    }

    @Test
    void aBrokenFileOfDaemonsIsNotInEffect() throws Exception {
        Files.writeString(folder().resolve("etc/daemons"), "ospfd=yes\nif [\nbfdd=no\n");
        runToTheEnd();
        assertTrue(console().startsWith("""
                        frr-start: /etc/daemons: line 4: syntax error: unexpected end of file (expecting "then"); \
                        none of it is in effect, bgpd and bfdd run
                        frr-start: watching: zebra staticd bgpd bfdd\s
                        """), this::consoleOrNothing);
    }

    @Test
    void endsWhenZebraDoesNotStart() throws Exception {
        Files.writeString(folder().resolve("etc/daemons"), "zebra_options=--nonsense\n");
        assertEquals(1, start().waitFor());
        assertEquals("""
                frr-start: zebra does not start with the options: --nonsense
                frr-start: nothing works without zebra; stopping FRR
                frr-start: FRR stopped
                """, console());
    }

    @Test
    void theDocumentShowsTheConfigurationsThatAreTried() throws Exception {
        List<MatchResult> shown = Pattern.compile("<!-- (examples/\\S+) -->\\n```yaml\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/frr.md")))
                .results()
                .toList();
        assertEquals(
                List.of("examples/frr/node.yaml", "examples/frr/router.yaml"),
                shown.stream().map(match -> match.group(1)).toList());
        for (MatchResult match : shown) {
            assertEquals(Files.readString(Path.of(match.group(1))), match.group(2));
        }
        String unit = Files.readString(Path.of("examples/live/artifacts/extension/terragrunt.hcl"));
        MatchResult inputs = Pattern.compile("```hcl\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/frr.md")))
                .results()
                .findFirst()
                .orElseThrow();
        inputs.group(1)
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .forEach(line -> assertTrue(unit.replaceAll(" +", " ").contains(line + "\n"), line));
    }
}
