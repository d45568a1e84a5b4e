package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.testkit.Judge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Talos' own imager as a process like any other, without a container: its profile says where everything lies. The
 * programs that it drives are those of this machine.
 *
 * @param path where it looks for those programs
 * @param inputs kernel, initramfs, stub and boot loader, as in a folder of its image
 * @param registry host and port that images are pulled from, whatever their names say
 * @param time of everything that it makes, in seconds since the epoch
 */
record RealImager(Judge judge, String path, Path inputs, String registry, long time) {
    private static final int MINUTES = 5;
    private static final String COMMAND_LINE = "kernel command line: ";
    private static final String UNKNOWN_PLATFORM = "unknown platform: ";

    /** What it makes. */
    enum Kind {
        ISO,
        INSTALLER
    }

    /**
     * What it makes it of.
     *
     * @param version that the images are for, with its {@code v}
     */
    record Order(
            String version,
            String architecture,
            String platform,
            List<String> arguments,
            String base,
            List<String> extensions) {}

    /** What came of it. */
    record Made(int code, Path folder, String log) {
        Path file() throws IOException {
            try (var files = Files.list(folder)) {
                List<Path> all = files.toList();
                if (code != 0 || all.size() != 1) {
                    throw new AssertionError("imager ended with %d and made %s:%n%s".formatted(code, all, log));
                }
                return all.getFirst();
            }
        }

        /** Or that there is no such platform. */
        String commandLine() {
            return log.lines()
                    .filter(line -> line.startsWith(COMMAND_LINE) || line.startsWith(UNKNOWN_PLATFORM))
                    .map(line -> line.startsWith(COMMAND_LINE) ? line.substring(COMMAND_LINE.length()) : line)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("imager says no command line:\n" + log));
        }
    }

    Made make(Kind kind, Order order, Path folder) throws IOException, InterruptedException {
        return run(profile(kind, order, inputs), folder);
    }

    /**
     * The command line that it would give an artifact: it says so before it looks for a boot loader, and finds none.
     */
    String commandLine(Kind kind, Order order, Path folder) throws IOException, InterruptedException {
        return run(profile(kind, order, Path.of("/nowhere")), folder).commandLine();
    }

    private Made run(JsonObject profile, Path folder) throws IOException, InterruptedException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Path input = Files.writeString(folder.resolve("profile.yaml"), profile.compact());
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(judge.program("imager").toString(), "-", "--output", out.toString())
                .directory(folder.toFile())
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("HOME", folder.toString());
        builder.environment()
                .put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
        builder.environment().put("SOURCE_DATE_EPOCH", Long.toString(time));
        builder.environment().put("TZ", "UTC");
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("imager did not end: " + Files.readString(log));
        }
        return new Made(process.exitValue(), out, new String(Files.readAllBytes(log), UTF_8));
    }

    /** YAML, of which JSON is a part. */
    private JsonObject profile(Kind kind, Order order, Path files) {
        Json.Builder input = Json.object()
                .put("kernel", path(files.resolve("vmlinuz")))
                .put("initramfs", path(files.resolve("initramfs.xz")))
                .put("sdStub", path(files.resolve("systemd-stub.efi")))
                .put("sdBoot", path(files.resolve("systemd-boot.efi")))
                .put("baseInstaller", image(order.base));
        List<Json> extensions = new ArrayList<>();
        order.extensions.forEach(extension -> extensions.add(image(extension)));
        List<Json> arguments = new ArrayList<>();
        order.arguments.forEach(argument -> arguments.add(Json.of(argument)));
        return Json.object()
                .put("arch", order.architecture)
                .put("platform", order.platform)
                .put("secureboot", false)
                .put("version", order.version)
                .put(
                        "customization",
                        Json.object()
                                .put("extraKernelArgs", new Json.JsonArray(arguments))
                                .build())
                .put(
                        "input",
                        input.put("systemExtensions", new Json.JsonArray(extensions))
                                .build())
                .put(
                        "output",
                        Json.object()
                                .put("kind", kind == Kind.ISO ? "iso" : "installer")
                                .put("outFormat", "raw")
                                .build())
                .build();
    }

    private static JsonObject path(Path file) {
        return Json.object().put("path", file.toString()).build();
    }

    private JsonObject image(String reference) {
        return Json.object()
                .put("imageRef", reference.replaceFirst("^[^/]*", registry))
                .put("forceInsecure", true)
                .build();
    }
}
