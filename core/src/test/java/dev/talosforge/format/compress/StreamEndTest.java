package dev.talosforge.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.testkit.RequiredTool;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of the field's tools, each with something behind it. */
@Tag("reference")
class StreamEndTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final byte[] BEHIND = "0707 and more that is no part of it".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder = Path.of("");

    /** Half of it cannot be compressed, so that every kind of block and chunk comes up. */
    private static byte[] content() {
        byte[] content = new byte[700_001];
        new Random(3).nextBytes(content);
        Arrays.fill(content, 100_000, 450_000, (byte) 'a');
        return content;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xz -0 --check=none",
                "xz -6 --check=crc32",
                "xz -6 --check=crc64",
                "xz -9e --check=sha256",
                "xz --x86 --lzma2=preset=1",
                "xz --block-size=65536",
                "zstd -1",
                "zstd -19 --no-check",
                "zstd --no-content-size",
                "gzip -1",
                "gzip -9 -n"
            })
    void findsTheEndOfWhatTheFieldsToolsWrite(String command) throws Exception {
        List<String> words = List.of(command.split(" ", -1));
        Path file = Files.write(folder.resolve("content"), content());
        String suffix =
                words.getFirst().equals("zstd") ? ".zst" : words.getFirst().equals("xz") ? ".xz" : ".gz";
        String debian = words.getFirst().equals("xz") ? "xz-utils" : words.getFirst();
        RequiredTool tool = RequiredTool.named(words.getFirst(), debian);
        String[] arguments = new String[words.size() + 1];
        words.subList(1, words.size()).toArray(arguments);
        arguments[words.size() - 1] = "-k";
        arguments[words.size()] = file.toString();
        tool.run(folder, NOTHING, arguments);
        byte[] stream = Files.readAllBytes(folder.resolve("content" + suffix));

        ByteSource before = ByteSource.of(new byte[12]);
        ByteSource all = ByteSource.concat(List.of(before, ByteSource.of(stream), ByteSource.of(BEHIND)));
        Compression compression = Compression.of(stream);
        long end = StreamEnd.of(all, 12, compression);
        assertEquals(12L + stream.length, end);
        try (InputStream in =
                compression.decoder().decode(all.slice(12, end - 12).open())) {
            assertArrayEquals(content(), in.readAllBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz", "zstd", "gzip"})
    void whatIsBrokenIsRefused(String name) throws Exception {
        Path file = Files.write(folder.resolve("content"), Arrays.copyOf(content(), 120_000));
        RequiredTool.named(name, name.equals("xz") ? "xz-utils" : name).run(folder, NOTHING, "-k", file.toString());
        String suffix = name.equals("zstd") ? ".zst" : name.equals("xz") ? ".xz" : ".gz";
        byte[] good = Files.readAllBytes(folder.resolve("content" + suffix));
        Compression compression = Compression.of(good);
        BrokenInput.feed(good, 997, good.length, source -> StreamEnd.of(source, 0, compression));
        assertThrows(
                FormatException.class,
                () -> StreamEnd.of(ByteSource.of(Arrays.copyOf(good, good.length - 1)), 0, compression));
    }

    @Test
    void aFootersMarkIsChecked() throws Exception {
        Path file = Files.writeString(folder.resolve("content"), "some text");
        RequiredTool.named("xz", "xz-utils").run(folder, NOTHING, "-k", file.toString());
        byte[] bad = Files.readAllBytes(folder.resolve("content.xz"));
        bad[bad.length - 1] = 'X';
        FormatException e =
                assertThrows(FormatException.class, () -> StreamEnd.of(ByteSource.of(bad), 0, Compression.XZ));
        assertEquals(
                "xz stream at offset %d (0x%x): does not end with YZ".formatted(bad.length - 2, bad.length - 2),
                e.getMessage());
    }
}
