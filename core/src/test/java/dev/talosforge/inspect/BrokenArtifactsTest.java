package dev.talosforge.inspect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.talos.OutputKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cut and damaged artifacts: whatever is in them, what comes out is a report or a failure that is explained. */
class BrokenArtifactsTest {
    @TempDir
    Path folder = Path.of("");

    private InspectSamples samples = new InspectSamples(folder);
    private Scratch scratch = Scratch.in(folder);

    @BeforeEach
    void scratch() throws IOException {
        samples = new InspectSamples(folder);
        scratch = Scratch.in(Files.createDirectory(folder.resolve("scratch")));
    }

    @AfterEach
    void close() throws IOException {
        scratch.close();
    }

    private void look(ByteSource file) throws IOException {
        Artifact artifact = new Opening(scratch, false).file("sample", file);
        if (artifact != null) {
            Report report = Reporting.of(artifact, true);
            assertTrue(ReportJson.of(report).compact().startsWith("{\"format\":1,"));
        }
    }

    private ByteSource initramfs() throws IOException {
        return samples.initramfs(List.of(InspectSamples.HELLO), List.of(samples.hello()));
    }

    @Test
    void anInitramfs() throws Exception {
        byte[] good = initramfs().readAll("initramfs", 1 << 20);
        BrokenInput.feed(good, 37, good.length, this::look);
    }

    @Test
    void aSquashfs() throws Exception {
        byte[] good = samples.hello().readAll("squashfs", 1 << 20);
        BrokenInput.feed(good, 61, 700, this::look);
    }

    @Test
    void aUnifiedKernelImage() throws Exception {
        byte[] good = InspectSamples.uki(InspectSamples.METAL, initramfs(), OutputKind.INSTALLER, 512)
                .bytes()
                .readAll("UKI", 1 << 20);
        BrokenInput.feed(good, 4099, 0x400, this::look);
    }

    @Tag("reference")
    @Test
    void anIso() throws Exception {
        ByteSource iso = ByteSource.of(samples.iso("good.iso", InspectSamples.NOCLOUD, initramfs()));
        for (int i = 1; i < 20; i++) {
            attempt(iso.slice(0, iso.size() * i / 20));
        }
        Random random = new Random(7);
        // Where descriptors, boot catalog, directories, allocation table and headers lie.
        for (long[] area : new long[][] {{32768, 8192}, {43000, 30000}, {1 << 20, 1 << 17}}) {
            for (int i = 0; i < 25; i++) {
                attempt(new Damaged(iso, area[0] + random.nextLong(area[1]), 1 << random.nextInt(8)));
            }
        }
    }

    @Test
    void anArchiveOfAnImage() throws Exception {
        samples.installer("layout", "v1", InspectSamples.METAL, initramfs());
        dev.talosforge.oci.OciLayout layout = dev.talosforge.oci.OciLayout.open(folder.resolve("layout"));
        dev.talosforge.oci.Image image = layout.image(dev.talosforge.oci.Platform.linux("amd64"));
        byte[] good = dev.talosforge.oci.DockerArchive.source(
                        image, List.of(dev.talosforge.oci.ImageReference.parse("registry.test/a:b")), layout)
                .readAll("archive", 1 << 20);
        ImageSources.Wanted wanted =
                new ImageSources.Wanted("archive", null, dev.talosforge.oci.Platform.linux("amd64"));
        BrokenInput.feed(good, 9973, 4096, source -> {
            try {
                Reporting.of(new Opening(scratch, false).image(ImageSources.archive(source, wanted)), false);
            } catch (BuildException e) {
                assertTrue(e.problems().getFirst().why().startsWith("it has"), e.getMessage());
            }
        });
    }

    private void attempt(ByteSource file) {
        try {
            look(file);
        } catch (IOException expected) {
            // the one way out
        }
    }

    /** One byte is another one. */
    private record Damaged(ByteSource of, long at, int bits) implements ByteSource {
        @Override
        public long size() {
            return of.size();
        }

        @Override
        public InputStream openAt(long offset) throws IOException {
            InputStream in = of.openAt(offset);
            return new InputStream() {
                private long position = offset;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    int count = in.read(into, from, length);
                    if (count > 0 && position <= at && at < position + count) {
                        into[from + (int) (at - position)] ^= (byte) bits;
                    }
                    position += Math.max(count, 0);
                    return count;
                }

                @Override
                public void close() throws IOException {
                    in.close();
                }
            };
        }
    }
}
