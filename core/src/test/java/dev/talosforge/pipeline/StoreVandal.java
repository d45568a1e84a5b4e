package dev.talosforge.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Damages files of a store at random, as failing disks, full ones, cut power and people do. */
public record StoreVandal(Path store, Random random) {
    /** Does something to a few of the files, and says what. */
    public String visit() throws IOException {
        StringBuilder done = new StringBuilder();
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            List<Path> files = files();
            done.append(damage(files.get(random.nextInt(files.size())), files)).append("; ");
        }
        return done.toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(store)) {
            return walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> !path.startsWith(store.resolve("tmp")))
                    .sorted()
                    .toList();
        }
    }

    private String damage(Path file, List<Path> all) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int size = bytes.length;
        String what = switch (random.nextInt(11)) {
            case 0 -> "empty " + write(file, new byte[0]);
            case 1 -> "cut " + write(file, Arrays.copyOf(bytes, random.nextInt(size + 1)));
            case 2, 3 -> "flip " + write(file, flipped(bytes));
            case 4 -> "zeros " + write(file, new byte[size]);
            case 5 -> "longer " + write(file, Arrays.copyOf(bytes, size + 1 + random.nextInt(5000)));
            case 6 -> "foreign " + write(file, Files.readAllBytes(all.get(random.nextInt(all.size()))));
            case 7 -> {
                Files.delete(file);
                Files.createDirectories(file.resolve("folder"));
                Files.writeString(file.resolve("folder/file"), "of somebody");
                yield "folder " + file;
            }
            case 8 -> {
                Path to = all.get(random.nextInt(all.size()));
                Files.delete(file);
                Files.createSymbolicLink(file, to);
                yield "link " + file;
            }
            case 9 -> {
                Files.delete(file);
                yield "gone " + file;
            }
            default -> {
                String name = "%016x.part".formatted(random.nextLong());
                yield "half-written "
                        + write(
                                store.resolve(random.nextBoolean() ? "tmp" : "blobs/sha256")
                                        .resolve(name),
                                Arrays.copyOf(bytes, size / 2));
            }
        };
        return what.replace(store + "/", "");
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        for (int left = bytes.length == 0 ? 0 : 1 + random.nextInt(4); left > 0; left--) {
            flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static Path write(Path file, byte[] bytes) throws IOException {
        return Files.write(file, bytes);
    }

    /** Removes what a round left, so that the next one begins with an empty place. */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
