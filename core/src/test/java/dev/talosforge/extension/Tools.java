package dev.talosforge.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.engine.Identity;
import dev.talosforge.engine.Store;
import dev.talosforge.support.KeptPackages;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A root with a C compiler and patch, from the archive that this machine's own apt uses; made once. */
final class Tools {
    private Tools() {}

    static synchronized Path root() throws IOException {
        RequiredTool.named("apt-get", "apt");
        RequiredTool.named("bwrap", "bubblewrap");
        Path folder = Path.of("target/test-tools").toAbsolutePath();
        Store store = Store.open(folder);
        PackageRequest request = PackageRequest.tools("tools", ToolRoot.packages(List.of("gcc", "libc6-dev"), true));
        List<DebFile> packages = KeptPackages.fetch(folder.resolve("debian"), "amd64", List.of(request))
                .of("tools");
        Identity identity = Identity.of("tools", ToolRoot.REVISION);
        List<ByteSource> files = new ArrayList<>();
        for (DebFile debian : packages) {
            identity.with(debian.name(), debian.sha256());
            files.add(ByteSource.of(debian.file()));
        }
        Sha256 digest = identity.digest();
        Path there = store.folder(digest);
        if (there != null) {
            return there;
        }
        Path work = store.temporaryFolder("tools");
        try {
            Path made = Files.createDirectory(work.resolve("root"));
            Path contents = Files.createDirectory(work.resolve("contents"));
            DiskTree.write(ToolRoot.of(DebianRoot.unpacked(files, contents)), made, _ -> {});
            return store.adoptFolder(made, digest);
        } finally {
            DiskTree.delete(work);
        }
    }
}
