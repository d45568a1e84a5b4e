package dev.talosforge.parts;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarMember;
import dev.talosforge.format.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/** File trees: layers, and squashfs images, which another program of the field turns into a tar archive. */
final class TreeParts {
    private TreeParts() {}

    /**
     * Every member with all that it has but its time; the times together, for they are one where a tree is made to be.
     */
    static void ofTar(String prefix, InputStream tar, Parts parts) throws IOException {
        TarReader reader = new TarReader(tar, TarLimits.GENEROUS);
        SortedSet<Long> times = new TreeSet<>();
        for (TarMember member = reader.next(); member != null; member = reader.next()) {
            times.add(member.attributes().modified());
            String part = prefix + "/" + member.path();
            parts.put(part, text(member, reader, parts));
            parts.put(part + ", mode", mode(member));
        }
        parts.put(prefix + ", times", times);
    }

    private static String mode(TarMember member) {
        return "%04o %d:%d"
                .formatted(
                        member.attributes().permissions(),
                        member.attributes().uid(),
                        member.attributes().gid());
    }

    private static String text(TarMember member, TarReader reader, Parts parts) throws IOException {
        String what = switch (member.kind()) {
            case FILE -> "file, " + parts.content(ByteSource.of(reader.content().readAllBytes()));
            case DIRECTORY -> "folder";
            case SYMLINK -> "link to " + member.link();
            case HARD_LINK -> "the same as " + member.link();
            case CHAR_DEVICE, BLOCK_DEVICE, FIFO -> "%s %d:%d".formatted(member.kind(), member.major(), member.minor());
        };
        String label = member.attributes().label();
        return what
                + (label == null ? "" : ", label " + label.replace("\0", ""))
                + (member.xattrs().isEmpty() ? "" : ", attributes " + member.xattrs());
    }

    static void ofSquashfs(String prefix, ByteSource image, Path scratch, Parts parts)
            throws IOException, InterruptedException {
        Path file = Scratch.file(scratch, image);
        for (String line : FieldTool.of("unsquashfs", "squashfs-tools").lines("-s", file.toString())) {
            if (line.startsWith("Compression") || line.startsWith("Block size") || line.startsWith("Xattrs")) {
                parts.putNext(prefix + ", superblock", line.strip());
            }
        }
        Path tar = FieldTool.of("sqfs2tar", "squashfs-tools-ng")
                .into(Files.createTempFile(scratch, "squashfs", ".tar"), "-s", "-r", ".", file.toString());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
            ofTar(prefix, in, parts);
        }
        Files.delete(tar);
        Files.delete(file);
    }
}
