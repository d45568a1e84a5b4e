package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.Main.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir
    Path folder = Path.of("");

    private final Map<String, String> environment = new TreeMap<>();
    private InspectSamples samples = new InspectSamples(folder);

    private record Run(int code, String out, String err) {}

    @BeforeEach
    void surroundings() throws IOException {
        folder = folder.toRealPath();
        samples = new InspectSamples(folder);
        environment.put("HOME", folder.toString());
    }

    private Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] all = new String[args.length + 2];
        all[0] = "-C";
        all[1] = folder.toString();
        System.arraycopy(args, 0, all, 2, args.length);
        int code = Main.run(
                all,
                new Surroundings(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false));
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    @Test
    void explore() throws Exception {
        ByteSource initramfs = samples.initramfs(
                List.of(InspectSamples.HELLO, InspectSamples.OTHER), List.of(samples.hello(), samples.other()));
        samples.write("initramfs", initramfs);
        samples.iso("a.iso", InspectSamples.NOCLOUD, initramfs);
        samples.installer("layout", "v1", InspectSamples.METAL, initramfs);
        samples.extension("layout", "ext", InspectSamples.HELLO, InspectSamples.rootfs("hello", "hello\n"));
        for (String[] args : new String[][] {
            {"inspect", "a.iso"},
            {"inspect", "a.iso", "--files"},
            {"inspect", "a.iso", "--json"},
            {"inspect", "oci:layout:v1"},
            {"inspect", "layout"},
            {"inspect", "oci:layout:ext", "--files"},
            {"inspect", "initramfs"},
            {"inspect", "hello.sqsh"},
            {"inspect", "a.iso", "--diff", "oci:layout:v1"},
            {"inspect", "layer"},
            {"inspect", "nothing/x:1/2"},
            {"verify", "--installer", "oci:layout:v1", "--iso", "a.iso"},
        }) {
            Run run = run(args);
            System.out.println("==== " + String.join(" ", args) + " => " + run.code() + "\n" + run.out() + run.err());
        }
    }
}
