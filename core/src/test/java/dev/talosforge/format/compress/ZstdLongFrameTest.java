package dev.talosforge.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.testkit.RequiredTool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 9e: windows up to 128 MiB, as the tool makes them, and what our own decoder does with damaged blocks. */
@Tag("reference")
class ZstdLongFrameTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path dir;

    /** The tool does not know the size of a pipe, so that frames have the window that was asked for. */
    private byte[] encoded(byte[] content, String options) throws Exception {
        Path file = Files.write(dir.resolve("plain"), content);
        Path out = dir.resolve("out.zst");
        RequiredTool.named("zstd", "zstd").run(dir, file, ("-q -f " + options + " -o " + out).split(" "));
        return Files.readAllBytes(out);
    }

    private static byte[] own(byte[] encoded) throws IOException {
        ZstdFrames frames = new ZstdFrames(new ByteArrayInputStream(encoded), Zstd.MAX_WINDOW);
        assertTrue(frames.next());
        frames.skipHeader();
        return new ZstdLongFrame(frames).readAllBytes();
    }

    /** Text, noise, runs and a slow change, so that blocks are of every kind. */
    private static byte[] mixed(int size) {
        byte[] content = new byte[size];
        Random random = new Random(5);
        random.nextBytes(content);
        byte[] words = "the quick brown fox jumps over the lazy dog, and so on; ".getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < size; at++) {
            switch ((at >> 14) % 5) {
                case 0 -> content[at] = words[Math.floorMod(content[at] / 9 + at, words.length)];
                case 1 -> content[at] = 0;
                case 2 -> content[at] &= 0x11;
                case 3 -> content[at] = (byte) (content[at] % 3 == 0 ? at >> 8 : 'x');
                default -> {}
            }
        }
        return content;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1 --long=24", "-1 --long=27 --no-check", "-3 --long=25"})
    void aMatchMayBeFarAway(String options) throws Exception {
        byte[] content = mixed(20 * MEGABYTE);
        new Random(7).nextBytes(content);
        System.arraycopy(content, 0, content, 11 * MEGABYTE + 77, 5 * MEGABYTE);
        byte[] encoded = encoded(content, options);
        assertTrue(encoded.length < 16 * MEGABYTE, "it found the match");
        byte[] twice = Arrays.copyOf(encoded, 2 * encoded.length);
        System.arraycopy(encoded, 0, twice, encoded.length, encoded.length);
        byte[] expected = Arrays.copyOf(content, 2 * content.length);
        System.arraycopy(content, 0, expected, content.length, content.length);
        try (InputStream in = Zstd.decoder().decode(new ByteArrayInputStream(twice))) {
            assertArrayEquals(expected, in.readAllBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-3 --no-check", "-9", "-19", "--ultra -22"})
    void itReadsWhatTheLibraryReads(String options) throws Exception {
        for (int size : new int[] {0, 1, 300, 20_000, 1_000_000}) {
            byte[] content = mixed(size);
            assertArrayEquals(content, own(encoded(content, options)), () -> "of " + size);
        }
    }

    @Test
    void damageIsAFormatException() throws Exception {
        byte[] good = encoded(mixed(100_000), "-9");
        Random random = new Random(3);
        int noticed = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                own(i % 4 == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
            } catch (FormatException e) {
                noticed++;
            }
        }
        assertTrue(noticed > 1_990, "noticed: " + noticed); // a bit of the header may mean nothing
        good[good.length - 1] ^= 1;
        assertEquals(
                "zstd block at offset 0 (0x0): the content does not match its checksum",
                assertThrows(FormatException.class, () -> own(good)).getMessage());
    }
}
