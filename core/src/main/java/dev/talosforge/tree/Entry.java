package dev.talosforge.tree;

import dev.talosforge.bytes.ByteSource;
import org.jspecify.annotations.Nullable;

/** One file of a tree. Sealed on purpose: writers switch over it, and the compiler reports a forgotten kind. */
public sealed interface Entry {
    /**
     * Relative to the root, {@code /}-separated, without a leading or trailing slash; {@code "."} is the root. Bytes
     * that are not valid text appear as {@link dev.talosforge.bytes.NameBytes} encodes them; link targets do the same.
     */
    String path();

    Attributes attributes();

    /** The same file at another path. */
    Entry withPath(String path);

    /** The same file with another owner, mode or time. */
    Entry withAttributes(Attributes attributes);

    record Directory(String path, Attributes attributes) implements Entry {
        @Override
        public Directory withPath(String newPath) {
            return new Directory(newPath, attributes);
        }

        @Override
        public Directory withAttributes(Attributes changed) {
            return new Directory(path, changed);
        }
    }

    record RegularFile(String path, Attributes attributes, ByteSource content) implements Entry {
        @Override
        public RegularFile withPath(String newPath) {
            return new RegularFile(newPath, attributes, content);
        }

        @Override
        public RegularFile withAttributes(Attributes changed) {
            return new RegularFile(path, changed, content);
        }
    }

    /** Another name of a regular file. {@code target} is the path, from the root, of an entry that is one. */
    record HardLink(String path, Attributes attributes, String target) implements Entry {
        @Override
        public HardLink withPath(String newPath) {
            return new HardLink(newPath, attributes, target);
        }

        @Override
        public HardLink withAttributes(Attributes changed) {
            return new HardLink(path, changed, target);
        }
    }

    record Symlink(String path, Attributes attributes, String target) implements Entry {
        @Override
        public Symlink withPath(String newPath) {
            return new Symlink(newPath, attributes, target);
        }

        @Override
        public Symlink withAttributes(Attributes changed) {
            return new Symlink(path, changed, target);
        }
    }

    record CharDevice(String path, Attributes attributes, int major, int minor) implements Entry {
        @Override
        public CharDevice withPath(String newPath) {
            return new CharDevice(newPath, attributes, major, minor);
        }

        @Override
        public CharDevice withAttributes(Attributes changed) {
            return new CharDevice(path, changed, major, minor);
        }
    }

    record BlockDevice(String path, Attributes attributes, int major, int minor) implements Entry {
        @Override
        public BlockDevice withPath(String newPath) {
            return new BlockDevice(newPath, attributes, major, minor);
        }

        @Override
        public BlockDevice withAttributes(Attributes changed) {
            return new BlockDevice(path, changed, major, minor);
        }
    }

    record Fifo(String path, Attributes attributes) implements Entry {
        @Override
        public Fifo withPath(String newPath) {
            return new Fifo(newPath, attributes);
        }

        @Override
        public Fifo withAttributes(Attributes changed) {
            return new Fifo(path, changed);
        }
    }

    /**
     * Who owns a file, who may use it and when it changed.
     *
     * @param permissions the low twelve mode bits, {@code 0} to {@code 07777}; the file type is the entry's class
     * @param modified seconds since the epoch
     * @param label value of the extended attribute {@value #LABEL}, one character a byte, with its end mark if it has
     *     one; null where there is none
     */
    record Attributes(
            int permissions,
            long uid,
            long gid,
            long modified,
            @Nullable String label) {
        /** Holds the SELinux context. */
        public static final String LABEL = "security.selinux";

        /** The longest label, in bytes: the kernel accepts a context shorter than a page. */
        public static final int MAX_LABEL = 4096;

        public Attributes {
            if ((permissions & ~07777) != 0) {
                throw new IllegalArgumentException("not permission bits: 0%o".formatted(permissions));
            }
        }

        /** Without a label. */
        public Attributes(int permissions, long uid, long gid, long modified) {
            this(permissions, uid, gid, modified, null);
        }

        /** Owned by root, at {@code modified}. */
        public static Attributes root(int permissions, long modified) {
            return new Attributes(permissions, 0, 0, modified);
        }

        public Attributes withPermissions(int changed) {
            return new Attributes(changed, uid, gid, modified, label);
        }

        public Attributes withModified(long changed) {
            return new Attributes(permissions, uid, gid, changed, label);
        }

        public Attributes withLabel(@Nullable String changed) {
            return new Attributes(permissions, uid, gid, modified, changed);
        }
    }
}
