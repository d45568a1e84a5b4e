package dev.talosforge.lab.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.DocumentedJson;
import dev.talosforge.cli.Main;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.json.JsonReader;
import dev.talosforge.lab.pve.PveFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab's endpoint as {@code lab up} starts it, and what is done with it on the command line. */
@Tag("registry")
class LabFaultTest {
    @TempDir
    Path folder;

    private int port;

    private record Run(int code, String out, String err) {}

    private Run run(String... arguments) {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        Path proxmox = folder.resolve("lab/proxmox");
        environment.putAll(LabServerCommand.access(
                URI.create("https://localhost:%d/".formatted(port)), LabServerCommand.authority(proxmox)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                arguments,
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false));
        return new Run(
                code,
                out.toString(UTF_8).replace(folder.toString(), "FOLDER"),
                err.toString(UTF_8).replace(folder.toString(), "FOLDER"));
    }

    private Run fault(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("lab", "fault", "--dir", folder.resolve("lab").toString()));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private Run apply(String content) throws IOException {
        Path unit = Files.createDirectories(folder.resolve("tree/registry"));
        Files.writeString(folder.resolve("tree/talos.iso"), content);
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_proxmox_upload" }
                inputs = {
                  iso_path             = "../talos.iso"
                  iso_name             = "talos.iso"
                  proxmox_datastore_id = "resources"
                  proxmox_node_names   = ["pve01", "pve02", "pve03"]
                  proxmox_iso_name     = "content"
                }
                """);
        return run("-C", unit.toString(), "apply");
    }

    private Run prune(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-C", folder.resolve("tree").toString(), "prune", "--keep", "0"));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private interface Body {
        void run() throws Exception;
    }

    /** With the endpoint's own command under way, as in a process of its own. */
    private void serving(Body body, String... options) throws Exception {
        Path proxmox = Files.createDirectories(folder.resolve("lab/proxmox"));
        port = freePorts();
        Files.writeString(proxmox.resolve("port"), port + "\n");
        List<String> command =
                new ArrayList<>(List.of("lab", "serve", "--dir", proxmox.toString(), "--port", Integer.toString(port)));
        command.addAll(List.of(options));
        Thread server = Thread.ofPlatform().daemon().start(() -> run(command.toArray(String[]::new)));
        try {
            while (!answers()) {
                assertTrue(server.isAlive(), "the endpoint ended");
                Thread.sleep(50);
            }
            body.run();
        } finally {
            server.interrupt();
            server.join();
        }
    }

    /** The first of three in a row: one for each node. */
    private static int freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        while (true) {
            try (ServerSocket first = new ServerSocket(0, 1, loopback);
                    ServerSocket _ = new ServerSocket(first.getLocalPort() + 1, 1, loopback);
                    ServerSocket _ = new ServerSocket(first.getLocalPort() + 2, 1, loopback)) {
                return first.getLocalPort();
            } catch (BindException | IllegalArgumentException e) {
                // a neighbour is not free, or no port
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aFaultIsSwitchedOnByNameAndStrikesAsOftenAsAsked() throws Exception {
        serving(() -> {
            Run all = fault();
            assertEquals(0, all.code(), all::toString);
            for (PveFault fault : PveFault.values()) {
                assertTrue(all.out().contains(fault.name() + " "), fault.name());
            }
            assertTrue(all.out().endsWith("no fault is on\n"), all::toString);
            assertEquals("on: DISK_FULL, 1 times\n", fault("DISK_FULL").out());
            Run full = apply("first");
            assertEquals(6, full.code(), full::toString);
            assertTrue(full.err().contains("No space left on device"), full::toString);
            assertEquals(0, apply("first").code());
            assertEquals(
                    "on: BIT_FLIP, 2 times, skipping the first 1\n",
                    fault("BIT_FLIP", "--count", "2", "--after", "1").out());
            String json = fault("--json").out();
            assertEquals("[{\"name\":\"BIT_FLIP\",\"count\":2,\"after\":1}]\n", json);
            DocumentedJson.under("### `lab fault`").isWhatIsPrinted(JsonReader.read("out", json.getBytes(UTF_8)));
            assertEquals("no fault is on\n", fault("--clear").out());
            assertEquals(0, apply("second").code());
        });
    }

    @Test
    void theLabsTokenMayPruneUnlessItIsDenied() throws Exception {
        serving(() -> {
            assertEquals(0, apply("first").code());
            assertEquals(0, apply("second").code());
            Run pruned = prune("--delete");
            assertEquals(0, pruned.code(), pruned::toString);
            assertTrue(pruned.out().contains("deleted  resources:iso/talos-sha256-"), pruned::toString);
            assertTrue(pruned.out().contains("kept     resources:iso/talos-sha256-"), pruned::toString);
            try (var files = Files.list(folder.resolve("lab/proxmox/state/shared/resources/template/iso"))) {
                assertEquals(1, files.count());
            }
            assertEquals(0, apply("third").code());
        });
        serving(
                () -> {
                    Run refused = prune("--delete");
                    assertEquals(6, refused.code(), refused::toString);
                    assertTrue(refused.err().contains("token iso@pve!lab lacks VM.Audit on /vms"), refused::toString);
                },
                "--deny",
                "VM.Audit");
        serving(
                () -> {
                    Run refused = prune("--delete");
                    assertEquals(6, refused.code(), refused::toString);
                    assertTrue(
                            refused.err().contains("token iso@pve!lab lacks Datastore.Allocate on /storage/resources"),
                            refused::toString);
                },
                "--deny",
                "Datastore.Allocate");
    }

    @Test
    void whatCannotBeSwitchedIsReported() {
        Run none = fault("DISK_FULL");
        assertEquals(5, none.code());
        assertEquals("""
                error: cannot change the faults of the lab
                  why:   there is no lab in FOLDER/lab
                  try:   talos-forge lab up --dir FOLDER/lab
                """, none.err());
        assertEquals("""
                error: cannot switch on DISK_HALF
                  why:   there is no such fault; to list them: talos-forge lab fault
                """, fault("DISK_HALF").err());
        assertEquals("""
                error: cannot use --count 0 --after 0
                  why:   --count must be from 1 to 1000000, --after from 0 to 1000000
                """, fault("DISK_FULL", "--count", "0").err());
        assertEquals("""
                error: cannot use --clear
                  why:   it switches off all faults and takes no name
                """, fault("DISK_FULL", "--clear").err());
        Run denied = run("lab", "up", "--dir", folder.resolve("lab").toString(), "--deny", "VM.Audi");
        assertEquals(2, denied.code());
        assertEquals("""
                error: cannot use --deny VM.Audi
                  why:   the lab's token has Datastore.Allocate, Datastore.AllocateTemplate, Datastore.Audit, Sys.AccessNetwork, \
                Sys.Audit, VM.Audit
                """, denied.err());
        assertFalse(Files.exists(folder.resolve("lab")));
    }

    @Test
    void everyFaultIsInTheDocuments() throws IOException {
        String page = Files.readString(Path.of("docs/lab.md"));
        for (PveFault fault : PveFault.values()) {
            assertTrue(page.contains("| `%s` | %s |".formatted(fault.name(), fault.effect())), fault.name());
        }
    }
}
