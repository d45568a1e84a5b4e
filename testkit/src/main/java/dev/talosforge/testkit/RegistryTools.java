package dev.talosforge.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.talosforge.testkit.Judge.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The clients that people use, at a registry.
 *
 * @param host and port that it is reached at
 * @param folder where they run
 */
public record RegistryTools(JudgedRegistry registry, String host, Path folder) {
    /** One of them, with what it is told of this registry. */
    public enum Tool {
        CRANE,
        ORAS,
        REGCTL,
        SKOPEO
    }

    public Result run(Tool tool, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        boolean plain = registry.authority() == null;
        boolean copy = arguments[0].equals("copy") || arguments[0].equals("cp");
        switch (tool) {
            case CRANE -> {
                if (plain) {
                    all.add("--insecure");
                }
            }
            case ORAS -> {
                if (plain) {
                    all.addAll(copy ? List.of("--from-plain-http", "--to-plain-http") : List.of("--plain-http"));
                }
            }
            case REGCTL -> {
                if (plain) {
                    all.addAll(0, List.of("--host", "reg=%s,tls=disabled".formatted(host)));
                }
            }
            case SKOPEO -> {
                if (plain) {
                    all.addAll(
                            copy
                                    ? List.of("--src-tls-verify=false", "--dest-tls-verify=false")
                                    : List.of("--tls-verify=false"));
                }
                all.addFirst("--insecure-policy");
            }
        }
        return Judge.only(tool.name().toLowerCase(java.util.Locale.ROOT))
                .run(folder, registry.environment(), all.toArray(String[]::new));
    }

    /** What it prints when all is well. */
    public String output(Tool tool, String... arguments) throws Exception {
        Result result = run(tool, arguments);
        assertEquals(0, result.code(), () -> tool + " " + List.of(arguments) + "\n" + result);
        return result.out();
    }

    /** What it says against it. */
    public String refuses(Tool tool, String... arguments) throws Exception {
        Result result = run(tool, arguments);
        assertNotEquals(0, result.code(), () -> tool + " " + List.of(arguments) + "\n" + result);
        return result.err();
    }
}
