package dev.talosforge.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedInspectionTest {
    /** In a SquashFS image it takes no room, and to digest it took eleven minutes. */
    @Test
    void aHoleOfATebibyteIsNotRead() {
        Entry hole = new Entry.RegularFile("hole", Attributes.root(0644, 0), ByteSource.zeros(1L << 40));
        assertEquals(
                "SquashFS image: hole: the content of all files up to it exceeds the limit of 68719476736 bytes",
                assertThrows(LimitException.class, () -> Listings.of("SquashFS image", List.of(hole), new Digests()))
                        .getMessage());
    }
}
