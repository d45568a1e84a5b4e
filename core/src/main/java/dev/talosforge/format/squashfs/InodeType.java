package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FormatException;

/** The kinds of inode, each with a basic and an extended form. Directory listings name only the basic one. */
enum InodeType {
    DIRECTORY(1),
    FILE(2),
    SYMLINK(3),
    BLOCK_DEVICE(4),
    CHAR_DEVICE(5),
    FIFO(6),
    SOCKET(7);

    private static final int EXTENDED = 7;

    private final int number;

    InodeType(int number) {
        this.number = number;
    }

    int number(boolean extended) {
        return extended ? number + EXTENDED : number;
    }

    static boolean isExtended(int number) {
        return number > EXTENDED;
    }

    static InodeType of(int number, long offset) throws FormatException {
        if (number < 1 || number > 2 * EXTENDED) {
            throw new FormatException(
                    "squashfs inode", offset, "inode_type is %d, which is not 1 to 14".formatted(number));
        }
        return values()[(number - 1) % EXTENDED];
    }
}
