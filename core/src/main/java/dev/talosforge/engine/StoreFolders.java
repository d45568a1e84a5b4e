package dev.talosforge.engine;

import java.nio.file.Path;

/** The paths in a store. Accesses nothing. */
record StoreFolders(Path root) {
    Path blobs() {
        return root.resolve("blobs").resolve("sha256");
    }

    Path results() {
        return root.resolve("results");
    }

    Path made() {
        return root.resolve("made");
    }

    Path folders() {
        return root.resolve("folders");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    Path lock() {
        return root.resolve("lock");
    }
}
