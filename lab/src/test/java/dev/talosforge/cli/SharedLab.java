package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.talosforge.tree.DiskTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One {@link ArtifactsLab} for all tests of a class. */
final class SharedLab implements BeforeAllCallback, AfterAllCallback {
    private @Nullable Path folder;
    private @Nullable ArtifactsLab lab;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory("shared-lab");
        lab = ArtifactsLab.in(folder);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (lab != null) {
            lab.close();
        }
        if (folder != null) {
            DiskTree.delete(folder);
        }
    }

    ArtifactsLab lab() {
        assertNotNull(lab);
        return lab;
    }
}
