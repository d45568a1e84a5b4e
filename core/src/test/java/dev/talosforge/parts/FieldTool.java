package dev.talosforge.parts;

import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of the field that takes an artifact apart. What it says on standard error is shown where it fails. */
record FieldTool(Path program) {
    static FieldTool of(String name, String debianPackage) {
        return new FieldTool(RequiredTool.named(name, debianPackage).path());
    }

    String output(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("field-tool", ".out");
        try {
            into(out, arguments);
            return Files.readString(out, StandardCharsets.UTF_8);
        } finally {
            Files.delete(out);
        }
    }

    List<String> lines(String... arguments) throws IOException, InterruptedException {
        return output(arguments).lines().toList();
    }

    /** Its standard output as a file. */
    Path into(Path out, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile("field-tool", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().put("TZ", "UTC");
            int code = builder.start().waitFor();
            if (code != 0) {
                throw new AssertionError("%s ended with %d:%n%s".formatted(command, code, Files.readString(err)));
            }
            return out;
        } finally {
            Files.delete(err);
        }
    }
}
