package dev.talosforge.state;

import dev.talosforge.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another process: locks of files tell processes apart, not threads. Says one line when it has done its part. */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader message;

    private OtherProcess(Process process) {
        this.process = process;
        this.message = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static OtherProcess start(String part, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                part));
        for (Object argument : arguments) {
            command.add(String.valueOf(argument));
        }
        return new OtherProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** What a process that does its part and ends has to say. */
    static String run(String part, Object... arguments) throws IOException, InterruptedException {
        try (OtherProcess other = start(part, arguments)) {
            String line = other.line();
            other.process.getOutputStream().close();
            other.process.waitFor();
            return line;
        }
    }

    String line() throws IOException {
        return String.valueOf(message.readLine());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "lock" -> lock(path);
            case "take" -> {
                StateLock lock = StateLock.take(
                        path,
                        new StateLock.Holder(
                                "apply", "ann@build1", "0.1.0", () -> Instant.parse("2026-01-02T03:04:05Z")));
                System.out.println("taken");
                System.in.read();
                lock.close();
            }
            case "catalog" -> {
                for (int i = 0; i < 20; i++) {
                    Catalog.at(path).record(arguments[2] + i, Map.of("n", Json.of(i)));
                }
                System.out.println("done");
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** As Terraform does: all of the state file, at once or not. */
    private static void lock(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            System.out.println(file.getChannel().tryLock() == null ? "locked by another" : "free");
            System.in.read();
        }
    }
}
