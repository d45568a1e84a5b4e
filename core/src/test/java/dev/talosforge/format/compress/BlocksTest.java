package dev.talosforge.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.BlockDecompressor;
import dev.talosforge.bytes.FormatException;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMAInputStream;

class BlocksTest {
    private static final byte[] CONTENT = StreamsTest.mixed(1 << 20);

    private static final List<BlockCompressor> COMPRESSORS =
            List.of(Xz.blocks(1 << 20), Xz.blocks(1 << 20, 6), Zstd.blocks());
    private static final List<BlockDecompressor> DECOMPRESSORS =
            List.of(Xz.decodeBlocks(), Xz.decodeBlocks(), Zstd.decodeBlocks());

    @Test
    void blocksComeBack() throws Exception {
        for (int i = 0; i < COMPRESSORS.size(); i++) {
            for (int size : new int[] {1, 17, 255, 256, 257, 4096, 8192, 65791, 65792, 131072, 1 << 20}) {
                byte[] block = COMPRESSORS.get(i).compress(CONTENT, 0, size);
                byte[] shifted = new byte[block.length + 7];
                System.arraycopy(block, 0, shifted, 3, block.length);
                assertArrayEquals(
                        Arrays.copyOf(CONTENT, size), DECOMPRESSORS.get(i).decompress(shifted, 3, block.length, size));
                if (size > 1) {
                    BlockDecompressor decompressor = DECOMPRESSORS.get(i);
                    assertThrows(
                            FormatException.class, () -> decompressor.decompress(block, 0, block.length, size - 1));
                }
            }
        }
    }

    /** The kernel refuses a window or dictionary larger than the block, where other readers are patient. */
    @Test
    void windowsAreNeverLargerThanTheBlock() {
        for (int size : new int[] {1, 200, 256, 4096, 8192, 100_000, 131_071, 131_072, 1 << 20}) {
            byte[] frame = Zstd.blocks().compress(CONTENT, 0, size);
            assertEquals(0x20, frame[4] & 0x20, "single segment");
            assertEquals(0, frame[4] & 0x04, "no checksum: where it crosses a page, the kernel does not wait for it");
            int flag = (frame[4] >> 6) & 3;
            int length = 1 << flag;
            long stated = flag == 1 ? 256 : 0;
            for (int i = 0; i < length; i++) {
                stated += (frame[5 + i] & 0xffL) << (8 * i);
            }
            assertEquals(size, stated);
        }
        for (int size : new int[] {1, 4096, 8192, 8193, 100_000, 131_072}) {
            byte[] stream = Xz.blocks(1 << 17).compress(CONTENT, 0, size);
            assertEquals(1, stream[7], "CRC32");
            assertEquals(0x21, stream[14], "LZMA2 is the only filter");
            int bits = stream[16];
            long dictionary = (2L | (bits & 1)) << (bits / 2 + 11);
            assertEquals(1, Long.bitCount(dictionary));
            assertTrue(dictionary >= 8192 && dictionary <= 1 << 17, size + ": " + dictionary);
        }
    }

    @Test
    void sameBytesInEveryThread() throws Exception {
        for (BlockCompressor compressor : COMPRESSORS) {
            byte[] expected = compressor.compress(CONTENT, 1000, 50_000);
            try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
                List<Future<byte[]>> all = IntStream.range(0, 12)
                        .mapToObj(i -> pool.submit(() -> {
                            compressor.compress(CONTENT, i * 1000, 100_000 - i);
                            return compressor.compress(CONTENT, 1000, 50_000);
                        }))
                        .toList();
                for (Future<byte[]> one : all) {
                    assertArrayEquals(expected, one.get());
                }
            }
        }
    }

    @Test
    void brokenBlocksAreFormatExceptions() {
        for (int i = 0; i < COMPRESSORS.size(); i++) {
            byte[] good = COMPRESSORS.get(i).compress(CONTENT, 0, 5000);
            BlockDecompressor decompressor = DECOMPRESSORS.get(i);
            for (int cut = 0; cut < good.length; cut += 3) {
                int length = cut;
                assertThrows(
                        FormatException.class, () -> decompressor.decompress(good, 0, length, 5000), "cut at " + cut);
            }
            Random random = new Random(1);
            for (int n = 0; n < 1000; n++) {
                byte[] flipped = good.clone();
                flipped[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
                try {
                    assertTrue(decompressor.decompress(flipped, 0, flipped.length, 5000).length <= 5000);
                } catch (FormatException expected) {
                    assertTrue(String.valueOf(expected.getMessage()).contains("block"));
                }
            }
        }
    }

    @Test
    void refusesABlockThatIsTooLong() {
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class, () -> Xz.blocks(1 << 12).compress(CONTENT, 0, 8193));
        assertEquals("a block of 8193 bytes; the limit is 8192", failure.getMessage());
    }

    /** As GRUB sees it: nothing but the stream, and the length known from elsewhere. */
    @Test
    void rawLzmaHasNoHeaderAndNoEnd() throws Exception {
        for (int size : new int[] {0, 1, 100, 350_000}) {
            byte[] content = Arrays.copyOf(CONTENT, size);
            byte[] stream = Xz.rawLzma1(content);
            assertEquals(0, stream[0]);
            try (var in = new LZMAInputStream(
                    new ByteArrayInputStream(stream), size, (byte) ((2 * 5 + 0) * 9 + 3), Math.max(size, 4096))) {
                assertArrayEquals(content, in.readAllBytes());
            }
            assertArrayEquals(stream, Xz.rawLzma1(content));
        }
    }
}
