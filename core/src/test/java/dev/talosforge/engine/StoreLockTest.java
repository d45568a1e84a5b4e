package dev.talosforge.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLockTest {
    @TempDir
    Path dir = Path.of("");

    @Test
    void nobodyHasItAloneWhileItIsShared() throws Exception {
        StoreLock first = StoreLock.shared(dir);
        StoreLock second = StoreLock.shared(dir);
        assertNull(StoreLock.alone(dir));
        first.close();
        first.close(); // and does not count twice
        assertNull(StoreLock.alone(dir));
        second.close();
        try (StoreLock alone = StoreLock.alone(dir)) {
            assertNotNull(alone);
        }
    }

    @Test
    void sharingWaitsForAnExclusiveHolder() throws Exception {
        StoreLock alone = StoreLock.alone(dir);
        assertNotNull(alone);
        FutureTask<StoreLock> sharing = new FutureTask<>(() -> StoreLock.shared(dir));
        Thread thread = Thread.ofPlatform().daemon().start(sharing);
        waits(thread);
        assertFalse(sharing.isDone());
        alone.close();
        sharing.get().close();
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (StoreLock alone = StoreLock.alone(dir)) {
            assertNotNull(alone);
            FutureTask<StoreLock> sharing = new FutureTask<>(() -> StoreLock.shared(dir));
            Thread thread = Thread.ofPlatform().daemon().start(sharing);
            waits(thread);
            thread.interrupt();
            assertInstanceOf(
                    InterruptedIOException.class,
                    assertThrows(ExecutionException.class, sharing::get).getCause());
        }
    }

    private static void waits(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        assertTrue(thread.isAlive());
    }

    /** The Java machine's own table of locks says so: within a process no other one is given on the file. */
    @Test
    void theFileIsLocked() throws Exception {
        Path file = dir.resolve("lock");
        try (StoreLock shared = StoreLock.shared(dir)) {
            assertNotNull(shared);
            assertLocked(file);
        }
        try (StoreLock alone = StoreLock.alone(dir)) {
            assertNotNull(alone);
            assertLocked(file);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertNotNull(channel.tryLock());
        }
    }

    private static void assertLocked(Path file) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThrows(OverlappingFileLockException.class, channel::tryLock);
        }
    }

    @Test
    void itIsTheSameStoreByALink() throws Exception {
        Path store = Files.createDirectory(dir.resolve("store"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), store);
        try (StoreLock shared = StoreLock.shared(link)) {
            assertNotNull(shared);
            assertNull(StoreLock.alone(store));
        }
    }

    @Test
    void aLinkInPlaceOfTheFileIsNotFollowed() throws Exception {
        Files.createSymbolicLink(dir.resolve("lock"), dir.resolve("elsewhere"));
        try (StoreLock shared = StoreLock.shared(dir)) {
            assertNotNull(shared);
        }
        assertThrows(IOException.class, () -> StoreLock.alone(dir));
        assertFalse(Files.exists(dir.resolve("elsewhere")));
    }

    @Test
    void storesOfOthersAreNotInTheWay(@TempDir Path other) throws Exception {
        try (StoreLock alone = StoreLock.alone(dir);
                StoreLock shared = StoreLock.shared(other)) {
            assertNotNull(alone);
            assertNotNull(shared);
        }
    }

    /** Where there can be no lock there are builds all the same, and no clean-up. */
    @Test
    void withoutALockFileItIsSharedAndNeverExclusive() throws Exception {
        Files.createDirectory(dir.resolve("lock"));
        try (StoreLock shared = StoreLock.shared(dir)) {
            assertNotNull(shared);
            assertNull(StoreLock.alone(dir));
        }
        assertEquals(
                dir.resolve("lock").toString(),
                assertThrows(FileSystemException.class, () -> StoreLock.alone(dir))
                        .getFile());
    }
}
