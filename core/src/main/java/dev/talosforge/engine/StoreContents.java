package dev.talosforge.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a store, found by the store's own name patterns. Other files are ignored, and so is a folder where a
 * file should be. The store may be in use meanwhile; items that disappear are left out.
 */
final class StoreContents {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern LOG = Pattern.compile("[a-z]+-[0-9a-f]{16}\\.log");
    private static final Pattern TEMPORARY_FILE = Pattern.compile("[0-9a-f]{16}\\.part");
    private static final Pattern TEMPORARY_FOLDER = Pattern.compile("[a-z]+-[0-9]+");

    private final StoreFolders places;
    private final StoreGuests guests;

    StoreContents(Path root, StoreGuests guests) {
        this.places = new StoreFolders(root);
        this.guests = guests;
    }

    /** By kind and name. */
    List<StoreItem> all() throws IOException {
        List<StoreItem> items = new ArrayList<>();
        items.addAll(files(places.blobs(), name -> matches(DIGEST, name, StoreItem.Kind.BLOB)));
        items.addAll(files(places.results(), name -> matches(DIGEST, name, StoreItem.Kind.RESULT)));
        items.addAll(folders(places.folders(), DIGEST, StoreItem.Kind.FOLDER));
        items.addAll(files(places.logs(), name -> matches(LOG, name, StoreItem.Kind.LOG)));
        items.addAll(files(places.made(), name -> matches(DIGEST, name, StoreItem.Kind.DIGEST)));
        for (String guest : guests.folders()) {
            items.addAll(folders(places.root(), Pattern.compile(Pattern.quote(guest)), StoreItem.Kind.GUEST));
        }
        items.addAll(unfinished());
        return items;
    }

    /** Partial blobs, and files being written or left by a process that is gone. */
    List<StoreItem> unfinished() throws IOException {
        List<StoreItem> items = new ArrayList<>(files(places.blobs(), this::part));
        items.addAll(files(places.temporary(), name -> matches(TEMPORARY_FILE, name, StoreItem.Kind.TEMPORARY)));
        items.addAll(folders(places.temporary(), TEMPORARY_FOLDER, StoreItem.Kind.TEMPORARY));
        return items;
    }

    /** Whether the store has the complete blob that this is a part of. */
    boolean hasWhole(StoreItem partial) {
        Matcher name = guests.kept().matcher(partial.name());
        return name.matches() && Files.isRegularFile(places.blobs().resolve(name.group(1)), LinkOption.NOFOLLOW_LINKS);
    }

    private StoreItem.@Nullable Kind part(String name) {
        return guests.kept().matcher(name).matches()
                ? StoreItem.Kind.PARTIAL
                : matches(guests.own(), name, StoreItem.Kind.TEMPORARY);
    }

    private static StoreItem.@Nullable Kind matches(Pattern form, String name, StoreItem.Kind kind) {
        return form.matcher(name).matches() ? kind : null;
    }

    private static List<StoreItem> files(Path folder, Function<String, StoreItem.@Nullable Kind> kinds)
            throws IOException {
        List<StoreItem> items = new ArrayList<>();
        for (Path file : listed(folder)) {
            StoreItem.Kind kind = kinds.apply(String.valueOf(file.getFileName()));
            BasicFileAttributes attributes = kind == null ? null : attributes(file);
            if (kind != null && attributes != null && attributes.isRegularFile()) {
                items.add(new StoreItem(
                        kind,
                        file,
                        attributes.size(),
                        attributes.lastModifiedTime().toInstant()));
            }
        }
        return items;
    }

    private List<StoreItem> folders(Path folder, Pattern form, StoreItem.Kind kind) throws IOException {
        List<StoreItem> items = new ArrayList<>();
        for (Path path : listed(folder)) {
            String name = String.valueOf(path.getFileName());
            BasicFileAttributes attributes = form.matcher(name).matches() ? attributes(path) : null;
            if (attributes != null && attributes.isDirectory()) {
                // found by the result of the step that made it; both are named by its identity
                BasicFileAttributes result = kind == StoreItem.Kind.FOLDER
                        ? attributes(places.results().resolve(name))
                        : null;
                FileTime used = (result == null ? attributes : result).lastModifiedTime();
                items.add(new StoreItem(kind, path, size(path), used.toInstant()));
            }
        }
        return items;
    }

    private static List<Path> listed(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        return found.stream().sorted().toList();
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static long size(Path folder) throws IOException {
        long[] total = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                total[0] += attributes.isRegularFile() ? attributes.size() : 0;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                // gone meanwhile, or not readable for us
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return total[0];
    }
}
