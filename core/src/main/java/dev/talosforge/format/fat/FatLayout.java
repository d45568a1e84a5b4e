package dev.talosforge.format.fat;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.Placement;
import dev.talosforge.format.fat.AllocationTable.Run;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A tree as a FAT volume, decided down to the last byte before anything is written.
 *
 * <pre>
 *   boot sector, FSInfo, their copies     see {@link FatGeometry}
 *   allocation table, twice
 *   directories                           the root, then in the order of the tree
 *   files                                 in the order of the tree, each in one piece and aligned
 *   free clusters
 * </pre>
 *
 * <p>The size is a whole number of MiB. The same tree and options give the same bytes. Hard links become separate
 * files; FAT cannot hold symbolic links, devices and FIFOs, which are an error. Owners are lost; a file that nobody may
 * write is read-only. Times are UTC, rounded down to two seconds; times before 1980 become 1980.
 */
public final class FatLayout {
    private static final long MAX_FILE = 0xFFFFFFFFL;
    private static final int MAX_DIRECTORY_ENTRIES = 65536;

    /** The size that mkfs.vfat gives FAT16's root directory; larger only if needed. */
    private static final int USUAL_ROOT_ENTRIES = 512;

    private final FatOptions options;
    private final FatGeometry geometry;
    private final List<Folder> folders;
    private final SequencedMap<String, Placed> files;
    private final List<Run> runs;
    private final long firstFree;

    /** A directory, its children by path, and its names. */
    private record Folder(
            String path, String parent, List<Entry> children, SequencedMap<String, FatName> names, FatTime time) {
        boolean isRoot() {
            return path.equals(".");
        }

        long entries() {
            long own = isRoot() ? 1 : 2;
            return own + names.values().stream().mapToLong(FatName::entries).sum();
        }

        long bytes() {
            return entries() * DirectoryEntry.SIZE;
        }
    }

    /** The first cluster, 0 for an empty file, and the number of clusters. */
    private record Placed(long cluster, long count, ByteSource content) {}

    private FatLayout(
            FatOptions options,
            FatGeometry geometry,
            List<Folder> folders,
            SequencedMap<String, Placed> files,
            List<Run> runs,
            long firstFree) {
        this.options = options;
        this.geometry = geometry;
        this.folders = folders;
        this.files = files;
        this.runs = runs;
        this.firstFree = firstFree;
    }

    /** Computes the layout. What the format cannot hold is a {@link LimitException} that names the entry. */
    public static FatLayout of(FileTree tree, FatOptions options) throws IOException {
        List<Folder> folders = folders(tree, options);
        SequencedMap<String, ByteSource> contents = contents(tree);
        int rootEntries = options.type() == FatType.FAT32 ? 0 : rootEntries(folders.getFirst());
        FatGeometry geometry = FatGeometry.choose(
                options,
                rootEntries,
                perCluster -> new Allocation(options, perCluster)
                        .place(folders, contents)
                        .used());
        Allocation allocation = new Allocation(options, geometry.sectorsPerCluster()).place(folders, contents);
        return new FatLayout(options, geometry, folders, allocation.placed, allocation.runs, allocation.next);
    }

    /** The image. Holds the file-system structures; file contents are read from the tree's own sources. */
    public ByteSource image() throws IOException {
        Placement image = new Placement();
        boot(image);
        long tableBytes = geometry.tableSectors() * FatGeometry.SECTOR;
        for (int copy = 0; copy < FatGeometry.TABLES; copy++) {
            long offset = (long) geometry.reservedSectors() * FatGeometry.SECTOR + copy * tableBytes;
            image.put(offset, new AllocationTable(geometry.type(), runs, tableBytes));
        }
        for (Folder folder : folders) {
            boolean fixed = folder.isRoot() && geometry.type() == FatType.FAT16;
            long offset = fixed
                    ? geometry.rootSector() * FatGeometry.SECTOR
                    : geometry.offsetOf(placed(folder.path()).cluster());
            image.put(offset, records(folder));
        }
        for (Placed file : files.values()) {
            if (file.content().size() > 0) {
                image.put(geometry.offsetOf(file.cluster()), file.content());
            }
        }
        return image.toSource(size());
    }

    /** Of the image in bytes: a whole number of MiB. */
    public long size() {
        return geometry.totalSectors() * FatGeometry.SECTOR;
    }

    /**
     * Offset of a file's content in the image, in bytes: a multiple of the requested alignment. The content is
     * contiguous.
     *
     * @param path of a non-empty file of the tree
     */
    public long offsetOf(String path) {
        Placed file = files.get(path);
        if (file == null || file.content().size() == 0) {
            throw new IllegalArgumentException("no content in the volume: " + path);
        }
        return geometry.offsetOf(file.cluster());
    }

    FatGeometry geometry() {
        return geometry;
    }

    private static List<Folder> folders(FileTree tree, FatOptions options) throws IOException {
        TreeMap<String, List<Entry>> children = new TreeMap<>(FileTree.WALK_ORDER);
        TreeMap<String, FatTime> times = new TreeMap<>(FileTree.WALK_ORDER);
        children.put(".", new ArrayList<>());
        for (Entry entry : tree.entries()) {
            if (entry instanceof Entry.Directory) {
                children.put(entry.path(), new ArrayList<>());
                times.put(entry.path(), FatTime.of(entry.attributes().modified(), entry.path()));
            }
            List<Entry> siblings = children.get(FileTree.parentOf(entry.path()));
            if (siblings == null) {
                throw new IllegalStateException("no parent: " + entry.path());
            }
            siblings.add(entry);
        }
        List<Folder> folders = new ArrayList<>();
        folders.add(
                folder(".", children.getOrDefault(".", List.of()), FatTime.of(options.labelTime(), options.label())));
        for (var time : times.entrySet()) {
            folders.add(folder(time.getKey(), children.getOrDefault(time.getKey(), List.of()), time.getValue()));
        }
        return List.copyOf(folders);
    }

    private static Folder folder(String path, List<Entry> own, FatTime time) throws LimitException {
        var names = FatName.assign(own.stream().map(Entry::path).toList());
        Folder folder = new Folder(path, FileTree.parentOf(path), List.copyOf(own), names, time);
        if (folder.entries() > MAX_DIRECTORY_ENTRIES) {
            throw new LimitException(
                    "FAT",
                    path,
                    "%d directory entries; the limit is %d".formatted(folder.entries(), MAX_DIRECTORY_ENTRIES));
        }
        return folder;
    }

    private static SequencedMap<String, ByteSource> contents(FileTree tree) throws LimitException {
        SequencedMap<String, ByteSource> contents = new TreeMap<>(FileTree.WALK_ORDER);
        for (Entry entry : tree.entries()) {
            switch (entry) {
                case Entry.Directory directory -> {}
                case Entry.RegularFile file -> contents.put(file.path(), file.content());
                case Entry.HardLink link -> {
                    if (tree.get(link.target()) instanceof Entry.RegularFile file) {
                        contents.put(link.path(), file.content());
                    }
                }
                case Entry.Symlink link -> throw unsupported(link.path(), "a symbolic link");
                case Entry.CharDevice device -> throw unsupported(device.path(), "a device");
                case Entry.BlockDevice device -> throw unsupported(device.path(), "a device");
                case Entry.Fifo fifo -> throw unsupported(fifo.path(), "a FIFO");
            }
        }
        for (var content : contents.entrySet()) {
            if (content.getValue().size() > MAX_FILE) {
                throw new LimitException(
                        "FAT",
                        content.getKey(),
                        "%d bytes; the limit is %d".formatted(content.getValue().size(), MAX_FILE));
            }
        }
        return contents;
    }

    private static LimitException unsupported(String path, String what) {
        return new LimitException("FAT", path, "cannot hold " + what);
    }

    private static int rootEntries(Folder root) {
        int perSector = FatGeometry.SECTOR / DirectoryEntry.SIZE;
        long needed = FatGeometry.roundUp(root.entries(), perSector);
        return (int) Math.min(Math.max(USUAL_ROOT_ENTRIES, needed), 65536 - perSector);
    }

    private void boot(Placement image) {
        byte[] boot = new BootSector(geometry, options.serial(), options.label())
                .encode()
                .toBytes();
        image.put(0, boot);
        if (geometry.type() == FatType.FAT32) {
            long used = runs.stream().mapToLong(Run::count).sum();
            byte[] info =
                    new FsInfo(geometry.clusters() - used, nextFree()).encode().toBytes();
            image.put(BootSector.INFO_SECTOR * (long) FatGeometry.SECTOR, info);
            image.put(BootSector.BACKUP_SECTOR * (long) FatGeometry.SECTOR, boot);
            image.put((BootSector.BACKUP_SECTOR + BootSector.INFO_SECTOR) * (long) FatGeometry.SECTOR, info);
        }
    }

    /** The hint must name a cluster, even if none is free after the files. */
    private long nextFree() {
        return Math.min(firstFree, geometry.clusters() + FatGeometry.FIRST_CLUSTER - 1);
    }

    private byte[] records(Folder folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteSink out = ByteSink.over(bytes);
        if (folder.isRoot()) {
            DirectoryEntry.labelled(options.label(), folder.time()).write(out);
        } else {
            long parent =
                    folder.parent().equals(".") ? 0 : placed(folder.parent()).cluster();
            DirectoryEntry.link(".", folder.time(), placed(folder.path()).cluster())
                    .write(out);
            DirectoryEntry.link("..", folder.time(), parent).write(out);
        }
        for (Entry child : folder.children()) {
            Placed at = placed(child.path());
            boolean directory = child instanceof Entry.Directory;
            boolean readOnly = !directory && (child.attributes().permissions() & 0222) == 0;
            int attributes = directory
                    ? DirectoryEntry.DIRECTORY
                    : DirectoryEntry.ARCHIVE | (readOnly ? DirectoryEntry.READ_ONLY : 0);
            FatTime time = FatTime.of(child.attributes().modified(), child.path());
            FatName name = java.util.Objects.requireNonNull(folder.names().get(child.path()));
            new DirectoryEntry(
                            name, attributes, time, at.cluster(), at.content().size())
                    .write(out);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private Placed placed(String path) {
        return java.util.Objects.requireNonNull(files.get(path), path);
    }

    /** Allocates clusters from the first one on. */
    private static final class Allocation {
        private final int perCluster;
        private final int step;
        private final boolean rootInClusters;
        private final SequencedMap<String, Placed> placed = new TreeMap<>(FileTree.WALK_ORDER);
        private final List<Run> runs = new ArrayList<>();
        private long next = FatGeometry.FIRST_CLUSTER;

        Allocation(FatOptions options, int perCluster) {
            this.perCluster = perCluster;
            this.step = Math.max(1, options.alignment() / FatGeometry.SECTOR / perCluster);
            this.rootInClusters = options.type() == FatType.FAT32;
        }

        Allocation place(List<Folder> folders, SequencedMap<String, ByteSource> contents) {
            for (Folder folder : folders) {
                if (!folder.isRoot() || rootInClusters) {
                    place(folder.path(), folder.bytes(), ByteSource.empty());
                }
            }
            for (var content : contents.entrySet()) {
                long size = content.getValue().size();
                if (size > 0) { // the first cluster is aligned, so every step-th one is, too
                    next = FatGeometry.roundUp(next - FatGeometry.FIRST_CLUSTER, step) + FatGeometry.FIRST_CLUSTER;
                }
                place(content.getKey(), size, content.getValue());
            }
            return this;
        }

        private void place(String path, long bytes, ByteSource content) {
            long clusterBytes = (long) perCluster * FatGeometry.SECTOR;
            long count = FatGeometry.roundUp(bytes, clusterBytes) / clusterBytes;
            placed.put(path, new Placed(count == 0 ? 0 : next, count, content));
            if (count > 0) {
                runs.add(new Run(next, count));
            }
            next += count;
        }

        long used() {
            return next - FatGeometry.FIRST_CLUSTER;
        }
    }
}
