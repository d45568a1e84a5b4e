package dev.talosforge.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepsTest {
    private static final Sha256 IDENTITY = Identity.of("test", 1).digest();

    @Test
    void whoWantsWhatIsBeingMadeWaitsForIt(@TempDir Path dir) throws Exception {
        Steps steps = new Steps(Store.open(dir), Events.none(), false);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Made step = new Made(() -> {
            runs.incrementAndGet();
            begun.countDown();
            goOn.await();
            return "made";
        });
        FutureTask<String> first = new FutureTask<>(() -> steps.run("unit", "step", IDENTITY, step));
        FutureTask<String> second = new FutureTask<>(() -> steps.run("unit", "step", IDENTITY, step));
        Thread.ofVirtual().start(first);
        begun.await();
        Thread.ofVirtual().start(second);
        int making = steps.making();
        Sha256 other = Identity.of("test", 2).digest();
        assertEquals("other", steps.run("unit", "step", other, new Made(() -> "other")));
        goOn.countDown();
        assertEquals("made", first.get());
        assertEquals("made", second.get());
        assertEquals(1, making);
        assertEquals(1, runs.get());
        assertEquals(0, steps.making());
    }

    @Test
    void nothingIsHeldOfAStepThatFailed(@TempDir Path dir) throws Exception {
        Steps steps = new Steps(Store.open(dir), Events.none(), false);
        Made failing = new Made(() -> {
            throw new IOException("no");
        });
        assertThrows(IOException.class, () -> steps.run("unit", "step", IDENTITY, failing));
        assertEquals(0, steps.making());
        assertEquals("made", steps.run("unit", "step", IDENTITY, new Made(() -> "made")));
    }

    @FunctionalInterface
    private interface Work {
        String make() throws IOException, InterruptedException;
    }

    private record Made(Work work) implements Step<String> {
        @Override
        public String make(Store store) throws IOException {
            try {
                return work.make();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void write(String result, OutputStream out) throws IOException {
            out.write(result.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String read(InputStream in, Store store) throws IOException {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public String describe(String result) {
            return result;
        }
    }
}
