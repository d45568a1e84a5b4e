package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the catalog that the boot record points to. El Torito 1.0, section 2. */
final class BootCatalog {
    private static final String NAME = "El Torito boot catalog";
    private static final int ENTRY = 32;
    private static final int CATALOG_POINTER = 71;
    private static final int MORE_SECTIONS = 0x90;
    private static final int EXTENSION = 0x44;

    private BootCatalog() {}

    /** The bootable images, the default one first. Reads one block of the catalog: 64 entries. */
    static List<BootImage> read(ByteSource image, byte[] bootRecord) throws IOException {
        FieldReader pointer = FieldReader.littleEndian("El Torito boot record", bootRecord, 0);
        pointer.bytes("before catalog", CATALOG_POINTER);
        long at = pointer.u32("catalog") * VolumeDescriptors.BLOCK;
        FieldReader in = FieldReader.littleEndian(NAME, image.read(NAME, at, VolumeDescriptors.BLOCK), at);
        if (in.u8("header_id") != 1) {
            throw new FormatException(NAME, at, "does not start with a validation entry");
        }
        int platform = in.u8("platform");
        in.bytes("validation", 28);
        in.expectU16("key", 0xAA55);
        List<BootImage> found = new ArrayList<>();
        entry(in, in.u8("boot_indicator"), platform, found);
        boolean more = true;
        while (more && in.remaining() >= ENTRY) {
            int header = in.u8("header_id");
            more = header == MORE_SECTIONS;
            if (!more && header != VolumeDescriptors.LAST_SECTION) {
                break;
            }
            int section = in.u8("platform");
            int count = in.u16("entries");
            in.bytes("section_identifier", 28);
            for (int i = 0; i < count && in.remaining() >= ENTRY; i++) {
                int indicator = in.u8("boot_indicator");
                while (indicator == EXTENSION && in.remaining() >= 2 * ENTRY) {
                    in.bytes("extension", ENTRY - 1);
                    indicator = in.u8("boot_indicator");
                }
                entry(in, indicator, section, found);
            }
        }
        return List.copyOf(found);
    }

    private static void entry(FieldReader in, int indicator, int platform, List<BootImage> found)
            throws FormatException {
        in.bytes("media_type to unused", 5);
        int sectors = in.u16("sector_count");
        long block = in.u32("block");
        in.bytes("selection_criteria", 20);
        if (indicator == VolumeDescriptors.BOOTABLE) {
            found.add(new BootImage(platform, sectors, block));
        }
    }
}
