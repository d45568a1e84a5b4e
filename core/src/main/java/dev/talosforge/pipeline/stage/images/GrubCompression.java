package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Identity;
import dev.talosforge.engine.Step;
import dev.talosforge.engine.Store;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.pipeline.context.BuildContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** GRUB's LZMA stream, built once for the same kernel and modules. */
final class GrubCompression implements BlockCompressor {
    private static final int REVISION = 1;
    private static final int MAX_BYTES = 64 << 20;

    private final BuildContext context;
    private final String unit;

    GrubCompression(BuildContext context, String unit) {
        this.context = context;
        this.unit = unit;
    }

    @Override
    public byte[] compress(byte[] block, int offset, int length) {
        byte[] content = Arrays.copyOfRange(block, offset, offset + length);
        Sha256 identity = Identity.of("grub", REVISION)
                .with("codecs", SquashfsStep.CODECS)
                .with("content", Sha256.of(content))
                .digest();
        try {
            return context.steps().run(unit, "GRUB", identity, new Step<byte[]>() {
                @Override
                public byte[] make(Store store) {
                    return Xz.rawLzma1(content);
                }

                @Override
                public void write(byte[] result, OutputStream out) throws IOException {
                    out.write(result);
                }

                @Override
                public byte[] read(InputStream in, Store store) throws IOException {
                    return in.readNBytes(MAX_BYTES);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
