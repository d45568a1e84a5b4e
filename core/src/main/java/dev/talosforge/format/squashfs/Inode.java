package dev.talosforge.format.squashfs;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * The fixed-size part of an inode. What follows it, such as block sizes, is read and written separately.
 *
 * <p>Specification: {@code squashfs_*_inode} in Linux {@code fs/squashfs/squashfs_fs.h}; little-endian. The tables in
 * {@code docs/formats/squashfs.md} are tested against {@link #encode}.
 */
sealed interface Inode {
    /** Marks an extended inode without extended attributes. */
    long NO_XATTR = 0xffff_ffffL;

    Header header();

    /** Index into the table of extended attributes; {@link #NO_XATTR} in a basic inode. */
    long xattr();

    FieldWriter encode();

    /**
     * The common start of every inode.
     *
     * @param type from 1 to 14, the number on disk
     * @param uid index into the id table, as is {@code gid}
     * @param modified seconds since the epoch, unsigned
     * @param number from 1
     */
    record Header(int type, int permissions, int uid, int gid, long modified, long number) {
        static final int SIZE = 16;

        static Header read(byte[] bytes, long offset) throws FormatException {
            FieldReader in = FieldReader.littleEndian("squashfs inode", bytes, offset);
            return new Header(
                    in.u16("inode_type"),
                    in.u16("mode") & 07777,
                    in.u16("uid"),
                    in.u16("guid"),
                    in.u32("mtime"),
                    in.u32("inode_number"));
        }

        InodeType kind(long offset) throws FormatException {
            return InodeType.of(type, offset);
        }

        boolean extended() {
            return InodeType.isExtended(type);
        }

        private FieldWriter encode(String structure, int size) {
            return FieldWriter.littleEndian(structure, size)
                    .u16("inode_type", type)
                    .u16("mode", permissions)
                    .u16("uid", uid)
                    .u16("guid", gid)
                    .u32("mtime", modified)
                    .u32("inode_number", number);
        }
    }

    /**
     * A directory.
     *
     * @param block offset of the listing's metadata block in the directory table, in bytes
     * @param links 2 plus one for each directory in it
     * @param listing size of the listing, in bytes, plus 3
     * @param offset of the listing in its uncompressed metadata block, in bytes
     * @param parent inode number of the parent directory; the root has a nonexistent one
     * @param indexes how many index entries follow; 0 in a basic inode
     */
    record Directory(
            Header header, long block, long links, long listing, int offset, long parent, int indexes, long xattr)
            implements Inode {
        /** The size of an empty listing. */
        static final int EMPTY = 3;

        static final int SIZE = 32;
        static final int EXTENDED_SIZE = 40;

        @Override
        public FieldWriter encode() {
            if (header.extended()) {
                return header.encode("squashfs extended directory inode", EXTENDED_SIZE)
                        .u32("nlink", links)
                        .u32("file_size", listing)
                        .u32("start_block", block)
                        .u32("parent_inode", parent)
                        .u16("i_count", indexes)
                        .u16("offset", offset)
                        .u32("xattr", xattr);
            }
            return header.encode("squashfs directory inode", SIZE)
                    .u32("start_block", block)
                    .u32("nlink", links)
                    .u16("file_size", Math.toIntExact(listing))
                    .u16("offset", offset)
                    .u32("parent_inode", parent);
        }

        static Directory read(Header header, FieldReader in) throws FormatException {
            if (header.extended()) {
                long links = in.u32("nlink");
                long listing = in.u32("file_size");
                long block = in.u32("start_block");
                long parent = in.u32("parent_inode");
                int indexes = in.u16("i_count");
                int offset = in.u16("offset");
                return new Directory(header, block, links, listing, offset, parent, indexes, in.u32("xattr"));
            }
            long block = in.u32("start_block");
            long links = in.u32("nlink");
            int listing = in.u16("file_size");
            int offset = in.u16("offset");
            return new Directory(header, block, links, listing, offset, in.u32("parent_inode"), 0, NO_XATTR);
        }
    }

    /**
     * A regular file; a u32 for each block follows.
     *
     * @param start of the first block, absolute, in bytes
     * @param size of the content, in bytes
     * @param sparse bytes in blocks that are not stored because they are zero; 0 in a basic inode
     * @param links number of names of the file; 1 in a basic inode
     * @param fragment index into the fragment table; {@link #NO_FRAGMENT} if the tail is a block of its own
     * @param offset of the file's tail in the uncompressed fragment, in bytes
     */
    record RegularFile(
            Header header, long start, long size, long sparse, long links, long fragment, long offset, long xattr)
            implements Inode {
        static final long NO_FRAGMENT = 0xffff_ffffL;
        static final int SIZE = 32;
        static final int EXTENDED_SIZE = 56;

        @Override
        public FieldWriter encode() {
            if (header.extended()) {
                return header.encode("squashfs extended file inode", EXTENDED_SIZE)
                        .u64("start_block", start)
                        .u64("file_size", size)
                        .u64("sparse", sparse)
                        .u32("nlink", links)
                        .u32("fragment", fragment)
                        .u32("offset", offset)
                        .u32("xattr", xattr);
            }
            return header.encode("squashfs file inode", SIZE)
                    .u32("start_block", start)
                    .u32("fragment", fragment)
                    .u32("offset", offset)
                    .u32("file_size", size);
        }

        static RegularFile read(Header header, FieldReader in) throws FormatException {
            if (header.extended()) {
                long start = in.u64("start_block");
                long size = in.u64("file_size");
                long sparse = in.u64("sparse");
                long links = in.u32("nlink");
                long fragment = in.u32("fragment");
                long offset = in.u32("offset");
                return new RegularFile(header, start, size, sparse, links, fragment, offset, in.u32("xattr"));
            }
            long start = in.u32("start_block");
            long fragment = in.u32("fragment");
            long offset = in.u32("offset");
            return new RegularFile(header, start, in.u32("file_size"), 0, 1, fragment, offset, NO_XATTR);
        }

        /** The number of block sizes that follow. */
        long blocks(int blockSize) {
            return fragment == NO_FRAGMENT ? Math.ceilDiv(size, blockSize) : size / blockSize;
        }
    }

    /**
     * A symbolic link; its target follows, without a terminator, and in an extended inode the u32 of the attributes.
     *
     * @param length of the target, in bytes
     */
    record Symlink(Header header, long links, long length, long xattr) implements Inode {
        static final int SIZE = 24;

        @Override
        public FieldWriter encode() {
            return header.encode("squashfs symlink inode", SIZE)
                    .u32("nlink", links)
                    .u32("symlink_size", length);
        }

        static Symlink read(Header header, FieldReader in) throws FormatException {
            return new Symlink(header, in.u32("nlink"), in.u32("symlink_size"), NO_XATTR);
        }

        /** Adds the attributes that follow the target of an extended inode. */
        Symlink withXattr(long read) {
            return new Symlink(header, links, length, read);
        }
    }

    /** A block or character device. */
    record Device(Header header, long links, long number, long xattr) implements Inode {
        static final int SIZE = 24;
        static final int EXTENDED_SIZE = 28;

        /** Largest numbers that the encoding holds. */
        static final int MAX_MAJOR = (1 << 12) - 1;

        static final int MAX_MINOR = (1 << 20) - 1;

        /** Linux' {@code new_encode_dev}: 8 low bits of the minor, 12 bits of the major, 12 high bits of the minor. */
        static long number(int major, int minor) {
            return (minor & 0xffL) | ((long) major << 8) | ((minor & 0xfff00L) << 12);
        }

        int major() {
            return (int) (number >> 8 & 0xfff);
        }

        int minor() {
            return (int) ((number & 0xff) | ((number >> 12) & 0xfff00));
        }

        @Override
        public FieldWriter encode() {
            FieldWriter out = header.encode("squashfs device inode", header.extended() ? EXTENDED_SIZE : SIZE)
                    .u32("nlink", links)
                    .u32("rdev", number);
            return header.extended() ? out.u32("xattr", xattr) : out;
        }

        static Device read(Header header, FieldReader in) throws FormatException {
            long links = in.u32("nlink");
            long number = in.u32("rdev");
            return new Device(header, links, number, header.extended() ? in.u32("xattr") : NO_XATTR);
        }
    }

    /** A pipe or a socket. */
    record Ipc(Header header, long links, long xattr) implements Inode {
        static final int SIZE = 20;
        static final int EXTENDED_SIZE = 24;

        @Override
        public FieldWriter encode() {
            FieldWriter out = header.encode("squashfs ipc inode", header.extended() ? EXTENDED_SIZE : SIZE)
                    .u32("nlink", links);
            return header.extended() ? out.u32("xattr", xattr) : out;
        }

        static Ipc read(Header header, FieldReader in) throws FormatException {
            long links = in.u32("nlink");
            return new Ipc(header, links, header.extended() ? in.u32("xattr") : NO_XATTR);
        }
    }

    /** How many bytes {@link #read} needs after the header. */
    static int bodySize(InodeType kind, boolean extended) {
        int size = switch (kind) {
            case DIRECTORY -> extended ? Directory.EXTENDED_SIZE : Directory.SIZE;
            case FILE -> extended ? RegularFile.EXTENDED_SIZE : RegularFile.SIZE;
            case SYMLINK -> Symlink.SIZE;
            case BLOCK_DEVICE, CHAR_DEVICE -> extended ? Device.EXTENDED_SIZE : Device.SIZE;
            case FIFO, SOCKET -> extended ? Ipc.EXTENDED_SIZE : Ipc.SIZE;
        };
        return size - Header.SIZE;
    }

    static Inode read(Header header, byte[] body, long offset) throws FormatException {
        FieldReader in = FieldReader.littleEndian("squashfs inode", body, offset + Header.SIZE);
        return switch (header.kind(offset)) {
            case DIRECTORY -> Directory.read(header, in);
            case FILE -> RegularFile.read(header, in);
            case SYMLINK -> Symlink.read(header, in);
            case BLOCK_DEVICE, CHAR_DEVICE -> Device.read(header, in);
            case FIFO, SOCKET -> Ipc.read(header, in);
        };
    }
}
