package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the stand-in reads YAML and network-config: its own scripts, run by its own busybox on this machine. */
@Tag("boot")
class StandInScriptsTest {
    private static final Path SCRIPTS =
            Path.of("lab/src/main/resources/dev/talosforge/lab").toAbsolutePath();

    @TempDir
    private static Path folder;

    private static Path busybox = Path.of("");

    @BeforeAll
    static void fetch() throws IOException {
        busybox = Files.createDirectories(folder.resolve("tool")).resolve("busybox");
        try (OutputStream out = Files.newOutputStream(busybox)) {
            ByteSink.over(out)
                    .copy(StandInMachine.busybox(StandInMachine.packages(), folder.resolve("busybox")))
                    .flush();
        }
        busybox.toFile().setExecutable(true);
    }

    private static String awk(String input, String... arguments) throws Exception {
        Path file = Files.writeString(folder.resolve("input"), input);
        List<String> command = new ArrayList<>(List.of(busybox.toString(), "awk"));
        command.addAll(List.of(arguments));
        command.add(file.toString());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // What was read before a failure does not count.
        return process.waitFor() == 0 ? output : "! " + output.strip().lines().reduce("", (first, last) -> last);
    }

    private static String yaml(String text) throws Exception {
        return awk(text, "-v", "name=f", "-f", SCRIPTS.resolve("yaml.awk").toString());
    }

    private static String network(String text) throws Exception {
        return awk(yaml(text), "-f", SCRIPTS.resolve("network.awk").toString());
    }

    @Test
    void readsWhatMachineConfigurationsAreMadeOf() throws Exception {
        assertEquals("""
                0/kind\ttext\tExtensionServiceConfig
                0/configFiles/0/content\ttext\tfrr defaults\\n indented\\ttab\\n\\n! c:\\\\x\\n
                0/configFiles/0/mountPath\tquoted\t/etc/frr.conf
                0/configFiles/1/content\ttext\ta
                0/configFiles/1/mountPath\tquoted\t/it's
                0/environment/0\ttext\tA=b
                0/environment/1\tquoted\tB=c: d\\n
                0/empty\tlist\t
                0/opts/0\ttext\ta
                0/opts/1\tquoted\tb, c
                0/none\tnull\t
                0/nested/0/0\ttext\t1
                0/nested/1/x\ttext\t1
                0/nested/1/y/0\ttext\tz
                1/machine/nodeLabels/a.b~1c\tquoted\t
                1/m\tmap\t
                """, yaml("""
                ---
                # comment
                kind: ExtensionServiceConfig # said
                configFiles:
                  - content: |
                      frr defaults
                       indented\ttab

                      ! c:\\x
                    mountPath: "/etc/frr.conf"
                  - content: |-
                      a

                    mountPath: '/it''s'
                environment:
                - A=b
                - "B=c: d\\n"
                empty: []
                opts: [a, "b, c"]
                none:
                nested:
                    - - 1
                    - x: 1
                      y:
                      - z
                ...
                ---
                machine:
                  nodeLabels:
                    a.b/c: ""
                m: {}
                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "a: >~  x#f, line 1: folded text (>) is not understood here, literal text (|) is",
                "a: &x b#f, line 1: not understood: &x b",
                "a: *x#f, line 1: not understood: *x",
                "a: !x b#f, line 1: not understood: !x b",
                "a: {b: c}#f, line 1: not understood: {b: c}",
                "? a#f, line 1: not a key and a value: ? a",
                "a: b~  c#f, line 2: a text that goes on in the next line is not understood",
                "a:~\tb: c#f, line 2: a tab is no indentation",
                "a: 1~a: 2#f, line 2: the key a is there twice",
                "a: \"x#f, line 1: a quoted text does not end on its line",
                "a: \"\\q\"#f, line 1: the escape \\q is not understood",
                "a: b: c#f, line 1: a text with a colon has to be quoted: b: c",
                "a: [b#f, line 1: a list in [] does not end on its line",
                "a: [[b]]#f, line 1: not understood: [b",
                "a:~  b: 1~ c: 2#f, line 3: deeper than what stands around it",
                "--- a#f, line 1: a document that begins on the line of its mark is not understood",
            })
    void refusesWhatItWouldHaveToGuess(String text, String why) throws Exception {
        assertEquals("! " + why, yaml(text.replace('~', '\n')));
    }

    /** Why the stand-in skips a service file; empty where it takes it. */
    private static String skipped(String file) throws Exception {
        Path script = Files.writeString(
                folder.resolve("load"),
                "HOME_OF_SCRIPTS=%s; . $HOME_OF_SCRIPTS/load.sh; first_document \"$1\"\n".formatted(SCRIPTS));
        Path input = Files.writeString(folder.resolve("service"), file);
        Process process = new ProcessBuilder(busybox.toString(), "sh", script.toString(), input.toString()).start();
        String first = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        String lines = yaml(first);
        return lines.startsWith("! ")
                ? lines
                : awk(lines, "-f", SCRIPTS.resolve("spec.awk").toString());
    }

    private static List<JsonObject> machined(String name) throws Exception {
        try (InputStream in =
                Objects.requireNonNull(StandInScriptsTest.class.getResourceAsStream("/machined/" + name))) {
            List<JsonObject> rows = new ArrayList<>();
            for (Json item : ((Json.JsonArray) JsonReader.read(name, in.readAllBytes())).items()) {
                rows.add((JsonObject) item);
            }
            return rows;
        }
    }

    /** What stands in for machined skips what it skips. */
    @Test
    void skipsTheFilesThatMachinedSkips() throws Exception {
        List<String> others = new ArrayList<>();
        int alike = 0;
        for (JsonObject row : machined("services.json")) {
            String state = String.valueOf(Objects.requireNonNull(
                            Objects.requireNonNull(row.object("machined")).object("v1.11.5"))
                    .text("state"));
            // The second of two files with one name is skipped by whoever has both.
            boolean skips = state.equals("skipped") && row.text("beside") == null;
            if (skips == !skipped(String.valueOf(row.text("file"))).isEmpty()) {
                alike++;
            } else {
                others.add("%s: %s".formatted(row.text("case"), state));
            }
        }
        assertEquals(List.of(), others);
        assertEquals(25, alike);
    }

    /** Of the files that its reader of YAML understands at all, those and no others that Talos' reader refuses. */
    @Test
    void skipsTheFilesThatTalosReaderRefuses() throws Exception {
        List<String> others = new ArrayList<>();
        int alike = 0;
        for (JsonObject row : machined("service-files.json")) {
            String file = String.valueOf(row.text("file"));
            String skipped = skipped(file);
            if (!skipped.startsWith("! ")) {
                if ((row.text("v1.11.5") != null) == !skipped.isEmpty()) {
                    alike++;
                } else {
                    others.add("%s: %s, here: %s".formatted(file, row.text("v1.11.5"), skipped));
                }
            }
        }
        assertEquals(List.of(), others);
        assertEquals(113, alike);
    }

    @Test
    void readsNetworkConfigurationOfBothVersions() throws Exception {
        assertEquals("""
                link eth0 eth0 68:05:ca:b8:f1:f7 9000
                link eth1 eth1 - -
                nameserver 192.168.1.1
                address eth0 192.168.1.11/23
                route eth0 default 192.168.1.1 1024 254
                address eth0 2001:db8::7/64
                route eth0 default fe80::1 2048 254
                dhcp4 eth1
                """, network("""
                version: 1
                config:
                  - type: physical
                    name: eth0
                    mac_address: '68:05:ca:b8:f1:f7'
                    mtu: 9000
                    subnets:
                    - type: static
                      address: '192.168.1.11'
                      netmask: '255.255.254.0'
                      gateway: '192.168.1.1'
                    - type: static6
                      address: '2001:db8::7/64'
                      gateway: 'fe80::1'
                  - type: physical
                    name: eth1
                    subnets:
                    - type: dhcp
                  - type: nameserver
                    address:
                    - '192.168.1.1'
                    search: ['lan']
                """));
        assertEquals("""
                link a - 52:54:00:00:00:01 1400
                link eth1 eth1 - -
                address a 192.0.2.1/24
                address a 2001:db8::1/64
                dhcp4 eth1
                onlink a 192.0.2.7 1024 254
                route a default 192.0.2.7 1024 254
                route a 2001:db8:1::/48 2001:db8::7 50 100
                """, network("""
                network:
                  version: 2
                  ethernets:
                    a:
                      match:
                        macaddress: 52:54:00:00:00:01
                      mtu: 1400
                      addresses: [192.0.2.1/24, "2001:db8::1/64"]
                      routes:
                        - to: default
                          via: 192.0.2.7
                          on-link: true
                        - to: 2001:db8:1::/48
                          via: "2001:db8::7"
                          metric: 50
                          table: 100
                    eth1:
                      dhcp4: true
                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: 3|version 3 is neither 1 nor 2",
                "ethernets: {}|ethernets is not understood by the lab",
                "version: 2~bonds:~  a:~    mtu: 1|bonds/a/mtu is not understood by the lab",
                "version: 2~ethernets:~  a:~    dhcp6: true|ethernets/a/dhcp6 is not understood by the lab",
                "version: 2~ethernets:~  a:~    dhcp4: maybe|maybe is neither true nor false",
                "version: 2~ethernets:~  a:~    addresses: [one]|address one of a is not an address and a prefix length",
                "version: 2~ethernets:~  a:~    routes:~    - to: default|route 0 of a needs to and via",
                "version: 1~config:~- type: bond~  name: a|config/0: type bond is not understood by the lab",
                "version: 1~config:~- type: physical~  name: a~  subnets:~  - type: dhcp6|subnet type dhcp6 of a is not understood by the lab",
                "version: 1~config:~- type: physical~  name: a~  subnets:~  - type: static~    address: 192.0.2.1~    netmask: 255.0.255.0|netmask 255.0.255.0 has a hole",
            })
    void refusesNetworksThatItCannotMake(String text, String why) throws Exception {
        assertEquals("! network-config: " + why, network(text.replace('~', '\n')));
    }
}
