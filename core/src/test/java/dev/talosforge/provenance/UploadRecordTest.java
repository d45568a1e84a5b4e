package dev.talosforge.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.proxmox.api.SentTask;
import dev.talosforge.proxmox.api.StoredFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a unit remembers of its uploads. */
class UploadRecordTest {
    private static final Sha256 DIGEST = Sha256.of("talos".getBytes(UTF_8));
    private static final String VOLUME = "resources:iso/talos.iso";
    private static final StoredFile STORED = new StoredFile(VOLUME, 5, 1_795_392_448L);

    @TempDir
    Path unit;

    @Test
    void aFileThatChangedSinceIsNotKnown() throws Exception {
        UploadRecord.of(unit).add("pve1", STORED, DIGEST);
        UploadRecord record = UploadRecord.of(unit);
        assertEquals(DIGEST, record.digest("pve1", STORED));
        assertNull(record.digest("pve1", new StoredFile(VOLUME, 5, STORED.created() + 1)), "changed later");
        assertNull(record.digest("pve1", new StoredFile(VOLUME, 6, STORED.created())), "of another size");
        assertNull(record.digest("pve2", STORED), "never put there");
        assertEquals(DIGEST, record.digest("pve1", VOLUME));
    }

    /** As it was written before times were kept: the file counts, and its time is learnt. */
    @Test
    void aRecordWithoutTimesIsGoodUntilATimeIsSeen() throws Exception {
        Files.writeString(unit.resolve(UploadRecord.FILE_NAME), """
                {"format": 1, "volumes": {"%s": {"sha256": "%s", "size": 5, "nodes": ["pve1"]}}}
                """.formatted(VOLUME, DIGEST.hex()));
        UploadRecord record = UploadRecord.of(unit);
        assertEquals(DIGEST, record.digest("pve1", STORED));
        record.add("pve1", STORED, DIGEST);
        assertNull(UploadRecord.of(unit).digest("pve1", new StoredFile(VOLUME, 5, STORED.created() + 1)));
    }

    @Test
    void aTaskIsRememberedUntilItsEndIsSeen() throws Exception {
        SentTask task =
                new SentTask("UPID:pve1:0000003E:0003877C:6B0383BF:imgcopy::iso@pve!ci:", "talos.iso", DIGEST, "pve1");
        UploadRecord.of(unit).begin(VOLUME, task);
        assertEquals(List.of(task), UploadRecord.of(unit).unseen("resources:iso/"));
        assertEquals(List.of(), UploadRecord.of(unit).unseen("other:iso/"));
        UploadRecord.of(unit).add("pve2", STORED, DIGEST);
        assertEquals(List.of(task), UploadRecord.of(unit).unseen("resources:iso/"), "another node's");
        UploadRecord.of(unit).add("pve1", STORED, DIGEST);
        assertEquals(List.of(), UploadRecord.of(unit).unseen("resources:iso/"));
        UploadRecord.of(unit).begin(VOLUME, task);
        UploadRecord.of(unit).end(task);
        assertFalse(Files.readString(unit.resolve(UploadRecord.FILE_NAME)).contains("tasks"));
    }
}
