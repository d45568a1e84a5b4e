package dev.talosforge.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.testkit.Judge;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A machine in QEMU that runs Talos itself. It is asked by {@code talosctl} of the same version, through a port on
 * loopback; it reaches this computer's loopback as 10.0.2.2.
 */
public final class TalosMachine implements AutoCloseable {
    /**
     * The least that Talos starts on, x86-64-v2. The emulation of QEMU 7.2 gets {@code cmpxchg16b} wrong, so the kernel
     * has to be told not to use it: {@link #ARGUMENT}.
     */
    private static final String CPU = "qemu64,+cx16,+popcnt,+ssse3,+sse4.1,+sse4.2,+lahf-lm";

    /** For the command line of whatever is booted. */
    public static final String ARGUMENT = "clearcpuid=cx16";

    private static final Path FIRMWARE = Path.of("/usr/share/OVMF");
    private static final String PANIC = "Kernel panic";

    /** Each time a program of 95 MB is started, on the processors that the machine needs. */
    private static final int POLL_MILLISECONDS = 3000;

    /** What Linux says when this computer was too busy for a timer to be heard: it gets no further; another start does. */
    private static final String TOO_SLOW = "IO-APIC + timer doesn't work";

    private static final int STARTS = 4;

    /**
     * How often one is started that says nothing of the kind and is not as wanted in time: seen with the resolver of 1.14 on
     * a busy computer. If udev has not settled after 50 s, which Talos reports as a failed health check, it may well get
     * further.
     */
    private static final int STARTS_IN_TIME = 2;

    /** Of the console, in a failure. */
    private static final int LAST_LINES = 60;

    private static final Pattern TIMES = Pattern.compile("^\\[ *[0-9.]+] |[0-9]+(\\.[0-9]+)?[mµn]?s\\b");

    /** Of one question. An upgrade is answered when the machine has fetched and unpacked the image. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final int PORT = 50000;

    /** By this process; thread-safe. */
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Judge talos;
    private final String address;
    private final List<String> hardware = new ArrayList<>();
    private int drives;
    private int starts;
    private long started;
    private @Nullable Process process;
    private @Nullable Path talosconfig;

    /**
     * A machine that is switched off.
     *
     * @param folder takes its console, its firmware's variables and what talosctl writes; it is made
     * @param talos whose talosctl asks
     */
    public TalosMachine(Path folder, Judge talos) throws IOException {
        this.folder = Files.createDirectories(folder).toAbsolutePath();
        Files.deleteIfExists(variables());
        this.talos = talos;
        this.address = freeAddress();
    }

    /** The same machine without its drives and disk, switched off. */
    public TalosMachine emptied() throws IOException {
        close();
        hardware.clear();
        drives = 0;
        starts = 0;
        return this;
    }

    /** A CD drive with an image. */
    public TalosMachine drive(Path image) {
        int number = drives++;
        hardware.addAll(List.of(
                "-drive",
                "if=none,id=cd%d,media=cdrom,readonly=on,format=raw,file=%s".formatted(number, image.toAbsolutePath()),
                "-device",
                "ide-cd,drive=cd%1$d,bus=ide.%1$d".formatted(number)));
        return this;
    }

    /** A disk that is written to: {@code /dev/vda}. It is made when it is not there. */
    public TalosMachine disk(Path image, long size) throws IOException {
        if (!Files.exists(image)) {
            try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(size);
            }
        }
        hardware.addAll(List.of(
                "-drive",
                "if=none,id=disk,format=raw,cache=unsafe,file=" + image.toAbsolutePath(),
                "-device",
                "virtio-blk-pci,drive=disk"));
        return this;
    }

    public TalosMachine kernel(Path kernel, Path initramfs, String arguments) {
        hardware.addAll(List.of(
                "-kernel", kernel.toString(), "-initrd", initramfs.toString(), "-append", arguments + " " + ARGUMENT));
        return this;
    }

    /** Firmware whose variables last as long as the machine: an installation leaves there what is to be booted. */
    public TalosMachine uefi() throws IOException {
        if (!Files.exists(variables())) {
            Files.copy(FIRMWARE.resolve("OVMF_VARS_4M.fd"), variables());
        }
        hardware.addAll(List.of(
                "-drive",
                "if=pflash,format=raw,readonly=on,file=" + FIRMWARE.resolve("OVMF_CODE_4M.fd"),
                "-drive",
                "if=pflash,format=raw,file=" + variables()));
        return this;
    }

    private Path variables() {
        return folder.resolve("variables.fd");
    }

    /** Switches it on. It does not start again by itself: a restart ends it. */
    public TalosMachine start() throws IOException {
        starts++;
        started = System.nanoTime();
        // What an earlier run said would be taken for what this machine says.
        Files.deleteIfExists(console());
        List<String> command = new ArrayList<>(
                List.of("qemu-system-x86_64 -machine q35,accel=tcg -m 4096 -smp 1 -nodefaults -no-reboot -display none"
                        .split(" ")));
        command.addAll(List.of("-cpu", CPU, "-vga", "std"));
        command.addAll(List.of("-serial", "file:" + console()));
        command.addAll(List.of(
                "-netdev",
                "user,id=net,hostfwd=tcp:%s:50000-:50000".formatted(address),
                "-device",
                "virtio-net-pci,netdev=net,romfile=",
                "-device",
                "virtio-rng-pci"));
        command.addAll(hardware);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("qemu.log").toFile())
                .start();
        process.getOutputStream().close();
        return this;
    }

    private Path console() {
        return folder.resolve("console.log");
    }

    /** What the serial console said since it was switched on. */
    public String result() throws IOException {
        return Files.exists(console()) ? Files.readString(console(), ISO_8859_1) : "";
    }

    /**
     * From now on it is asked with this client configuration; before, without any, as a machine in maintenance mode.
     */
    public void configured(Path config) {
        talosconfig = config;
    }

    /** Runs talosctl on it. */
    public Judge.Result talosctl(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("--nodes", address, "--endpoints", address));
        if (talosconfig != null) {
            words.addAll(List.of("--talosconfig", talosconfig.toString()));
        }
        words.addAll(List.of(arguments));
        TreeMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        return talos.run("talosctl", LIMIT, folder, environment, words.toArray(String[]::new));
    }

    /** Resources of a kind, as talosctl gives them; none where the machine does not answer. */
    public List<JsonObject> resources(String kind) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("get", kind, "-o", "json"));
        if (talosconfig == null) {
            arguments.add("--insecure");
        }
        Judge.Result result = talosctl(arguments.toArray(String[]::new));
        List<JsonObject> resources = new ArrayList<>();
        if (result.code() == 0) {
            for (String one : result.out().split("(?<=\n\\})\\s*(?=\\{)", -1)) {
                if (!one.isBlank()) {
                    resources.add(JsonReader.readObject(
                            "talosctl get " + kind, one.strip().getBytes(UTF_8)));
                }
            }
        }
        return resources;
    }

    /**
     * Resources of a kind, once they are as wanted.
     *
     * @param limit from now on, or from the start that was needed since; the second start has twice as long
     */
    public List<JsonObject> await(String kind, Predicate<List<JsonObject>> wanted, Duration limit) throws Exception {
        long asked = System.nanoTime();
        List<JsonObject> last = List.of();
        while (inTime(asked, limit) && runs()) {
            last = resources(kind);
            if (wanted.test(last)) {
                return last;
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
        throw failed("%s were not as wanted, but %s".formatted(kind, last));
    }

    /**
     * Waits until the console has said what is wanted.
     *
     * @param limit from now on, or from the start that was needed since; the second start has twice as long
     * @param otherwise what to say when it does not
     */
    public void awaitConsole(Predicate<String> wanted, Duration limit, Supplier<String> otherwise) throws Exception {
        long asked = System.nanoTime();
        while (inTime(asked, limit) && runs()) {
            if (wanted.test(result())) {
                return;
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
        throw failed(otherwise.get());
    }

    /** Waits until it has switched itself off, or would have started again. */
    public void awaitEnd(Duration limit) throws Exception {
        if (process == null || !process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            throw failed("it still runs");
        }
    }

    private boolean inTime(long asked, Duration limit) throws IOException {
        long now = System.nanoTime();
        if (Math.min(now - asked, now - started)
                < limit.multipliedBy(Math.min(starts, STARTS_IN_TIME)).toNanos()) {
            return true;
        }
        if (starts < STARTS_IN_TIME) {
            startAgain();
            return true;
        }
        return false;
    }

    /** What it said stays beside what it says next. */
    private void startAgain() throws IOException {
        close();
        if (Files.exists(console())) {
            Path before = folder.resolve("console-%d.log".formatted(starts));
            Files.move(console(), before, StandardCopyOption.REPLACE_EXISTING);
        }
        start();
    }

    private boolean runs() throws IOException {
        String result = result();
        if (result.contains(TOO_SLOW) && starts < STARTS) {
            startAgain();
        }
        return process != null && process.isAlive() && !result().contains(PANIC);
    }

    private AssertionError failed(String what) throws IOException {
        return new AssertionError("%s after %d starts; its console, which is in %s, ends with (each line once):%n%s"
                .formatted(what, starts, console(), lastLines(result())));
    }

    /** The last lines, each where it was said first: what is repeated every second leaves no room for what matters. */
    private static String lastLines(String console) {
        SequencedMap<String, String> lines = new LinkedHashMap<>();
        console.lines().forEach(line -> lines.putIfAbsent(TIMES.matcher(line).replaceAll(""), line));
        return lines.values().stream()
                .skip(Math.max(0, lines.size() - LAST_LINES))
                .collect(Collectors.joining("\n"));
    }

    /**
     * Of loopback: talosctl asks port 50000 and no other. A machine listens some time after its address was found free, so
     * each process of a run begins elsewhere.
     */
    private static String freeAddress() throws IOException {
        long first = ProcessHandle.current().pid();
        for (int i = 0; i < 254; i++) {
            String candidate = "127.50.0." + (1 + (first * 61 + i) % 254);
            if (TAKEN.add(candidate)) {
                try (ServerSocket _ = new ServerSocket(PORT, 1, InetAddress.getByName(candidate))) {
                    return candidate;
                } catch (BindException e) {
                    // Another run on this computer has a machine there.
                }
            }
        }
        throw new IOException("port %d is taken on all addresses of 127.50.0.0/24".formatted(PORT));
    }

    /** Where talosctl reaches it: a certificate has to name this address. */
    public String address() {
        return address;
    }

    /** Ends it as if its plug were pulled. */
    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
