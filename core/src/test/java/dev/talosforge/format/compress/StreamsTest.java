package dev.talosforge.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.StreamDecoder;
import dev.talosforge.testkit.RequiredTool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final byte[] CONTENT = mixed(700_000);

    @TempDir
    Path dir;

    interface Encoder {
        OutputStream over(OutputStream out) throws IOException;
    }

    record Codec(String tool, Encoder encoder, StreamDecoder decoder) {
        @Override
        public String toString() {
            return tool;
        }
    }

    static Stream<Codec> codecs() {
        return Stream.of(
                new Codec("gzip", out -> Gzip.encode(out, Gzip.DEFAULT_LEVEL), Gzip.decoder()),
                new Codec("gzip", Gzip::stored, Gzip.decoder()),
                new Codec("zstd", Zstd::encode, Zstd.decoder()));
    }

    @Tag("reference")
    @ParameterizedTest
    @MethodSource("codecs")
    void theToolReadsWhatWeWriteAndSoDoWe(Codec codec) throws Exception {
        for (int size : new int[] {0, 1, 65535, 65536, CONTENT.length}) {
            byte[] content = Arrays.copyOf(CONTENT, size);
            byte[] encoded = encode(codec.encoder(), content);
            Path file = Files.write(dir.resolve("ours." + codec.tool()), encoded);

            Path plain = dir.resolve("plain");
            Files.deleteIfExists(plain);
            Process tool = new ProcessBuilder(codec.tool(), "-dc")
                    .redirectInput(file.toFile())
                    .redirectOutput(plain.toFile())
                    .start();
            assertEquals(0, tool.waitFor());

            assertArrayEquals(content, Files.readAllBytes(plain));
            assertArrayEquals(content, decode(codec.decoder(), encoded));
            assertArrayEquals(encoded, encode(codec.encoder(), content));
        }
    }

    /** How a writer cuts its input must not show. */
    @ParameterizedTest
    @MethodSource("codecs")
    void sameBytesWhateverThePieces(Codec codec) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoder = codec.encoder().over(out)) {
            for (int at = 0; at < CONTENT.length; at += 977) {
                encoder.write(CONTENT, at, Math.min(977, CONTENT.length - at));
                encoder.flush();
            }
        }
        assertArrayEquals(encode(codec.encoder(), CONTENT), out.toByteArray());
    }

    @Tag("reference")
    @ParameterizedTest
    @CsvSource({
        "gzip, -1",
        "gzip, -9",
        "zstd, -1",
        "zstd, -19",
        "zstd, --ultra -22 --long=27",
        "zstd, --no-check -3",
        "xz, -1",
        "xz, -9e --check=sha256",
        "xz, --x86 --lzma2 --check=none",
        "xz, --block-size=100000 -T2"
    })
    void weReadWhatTheToolsWriteEvenTwiceInARow(String tool, String options) throws Exception {
        RequiredTool required = RequiredTool.named(tool, tool.equals("xz") ? "xz-utils" : tool);
        Path file = Files.write(dir.resolve("plain"), CONTENT);
        String suffix = tool.equals("gzip") ? ".gz" : tool.equals("zstd") ? ".zst" : ".xz";
        required.run(dir, NOTHING, (options + " -k -q " + file).split(" "));
        byte[] once = Files.readAllBytes(dir.resolve("plain" + suffix));

        assertEquals(tool, Compression.of(once).name().toLowerCase(java.util.Locale.ROOT));
        assertArrayEquals(CONTENT, decode(Compression.of(once).decoder(), once));
        byte[] twice = decode(Compression.of(once).decoder(), concat(once, once));
        assertArrayEquals(concat(CONTENT, CONTENT), twice);
    }

    @Test
    void zstdPassesOverSkippableFrames() throws Exception {
        byte[] frame = encode(Zstd::encode, CONTENT);
        byte[] skippable = {0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9};

        byte[] all = concat(skippable, concat(frame, concat(skippable, concat(frame, skippable))));

        assertEquals(Compression.ZSTD, Compression.of(skippable));
        assertArrayEquals(concat(CONTENT, CONTENT), decode(Zstd.decoder(), all));
    }

    @Test
    void zstdRefusesAWindowThatIsTooLarge() {
        byte[] header = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (18 << 3), 1, 0, 0};
        FormatException failure = assertThrows(FormatException.class, () -> decode(Zstd.decoder(), header));
        assertEquals(
                "zstd stream at offset 6 (0x6): a window of 268435456 bytes; the limit is 134217728",
                failure.getMessage());
    }

    @Test
    void gzipHeaderReportsNothingOfTheMachine() throws Exception {
        for (Encoder encoder : List.<Encoder>of(Gzip::stored, out -> Gzip.encode(out, 9))) {
            assertArrayEquals(
                    new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff},
                    Arrays.copyOf(encode(encoder, CONTENT), 10));
        }
    }

    @Test
    void storedGzipIsHardlyLarger() throws Exception {
        assertEquals(
                18 + 5 * Math.ceilDiv(CONTENT.length, 65535) + CONTENT.length, encode(Gzip::stored, CONTENT).length);
    }

    /** As a network does: the JDK's class would stop after the first member. */
    @Test
    void gzipContinuesWhenNothingIsAvailable() throws Exception {
        byte[] one = encode(Gzip::stored, new byte[] {1, 2, 3});
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(concat(one, one))) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(1, length));
            }

            @Override
            public int available() {
                return 0;
            }
        };
        try (InputStream in = Gzip.decoder().decode(slow)) {
            assertArrayEquals(new byte[] {1, 2, 3, 1, 2, 3}, in.readAllBytes());
        }
    }

    @Test
    void gzipTakesPaddingButNoGarbage() throws Exception {
        byte[] one = encode(Gzip::stored, new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, decode(Gzip.decoder(), concat(one, new byte[500])));
        FormatException failure =
                assertThrows(FormatException.class, () -> decode(Gzip.decoder(), concat(one, new byte[] {7})));
        assertEquals(
                "gzip stream at offset 27 (0x1b): a member is followed by something that is not a member",
                failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "stored", "zstd", "xz"})
    void brokenStreamsAreFormatExceptions(String kind) throws Exception {
        byte[] content = Arrays.copyOf(CONTENT, 3000);
        byte[] good = switch (kind) {
            case "gzip" -> encode(out -> Gzip.encode(out, 6), content);
            case "stored" -> encode(Gzip::stored, content);
            case "zstd" -> encode(Zstd::encode, content);
            default -> Xz.blocks(1 << 12).compress(content, 0, content.length);
        };
        StreamDecoder decoder = Compression.of(good).decoder();
        for (int cut = 1; cut < good.length; cut++) {
            byte[] part = Arrays.copyOf(good, cut);
            assertThrows(FormatException.class, () -> decode(decoder, part), "cut at " + cut);
        }
        Random random = new Random(42);
        for (int i = 0; i < 4000; i++) {
            byte[] flipped = good.clone();
            flipped[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
            try (InputStream in = decoder.decode(new ByteArrayInputStream(flipped))) {
                assertTrue(in.readNBytes(1 << 22).length <= 1 << 22);
            } catch (FormatException expected) {
                assertFalse(String.valueOf(expected.getMessage()).isBlank());
            }
        }
    }

    @Test
    void failuresOfTheStreamBelowPassUnchanged() {
        IOException mine = new IOException("the disk is gone");
        for (StreamDecoder decoder : List.of(Gzip.decoder(), Zstd.decoder(), Xz.decoder())) {
            InputStream failing = new InputStream() {
                @Override
                public int read() throws IOException {
                    throw mine;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    throw mine;
                }
            };
            IOException failure = assertThrows(IOException.class, () -> {
                try (InputStream in = decoder.decode(failing)) {
                    in.readAllBytes();
                }
            });
            assertEquals(mine, failure);
        }
    }

    @Test
    void everythingElseIsNotCompressed() throws Exception {
        assertEquals(Compression.NONE, Compression.of(new byte[0]));
        assertEquals(Compression.NONE, Compression.of(new byte[] {0x1f}));
        assertEquals(
                Compression.NONE,
                Compression.of(ByteSource.of("070701".getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        assertArrayEquals(CONTENT, decode(Compression.of(CONTENT).decoder(), CONTENT));
        assertArrayEquals(new byte[0], decode(Compression.of(new byte[0]).decoder(), new byte[0]));
    }

    static byte[] mixed(int size) {
        Random random = new Random(7);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i > 100 && random.nextInt(5) != 0 ? bytes[i - 100] : random.nextInt(64));
        }
        return bytes;
    }

    private static byte[] encode(Encoder encoder, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoding = encoder.over(out)) {
            encoding.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] decode(StreamDecoder decoder, byte[] bytes) throws IOException {
        try (InputStream in = decoder.decode(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
