package dev.talosforge.lab.command;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.engine.Workers;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.compress.Xz;
import dev.talosforge.format.squashfs.SquashfsOptions;
import dev.talosforge.format.squashfs.SquashfsWriter;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.LayerWriter;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.registry.Resolved;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs the slow parts of a build on any folder and discards the result: the JVM records the run for the launcher, so
 * that the next start has its classes loaded and knows which methods to compile.
 */
@Command(name = "warm-up", hidden = true, description = "Exercises the program to fill the launcher's cache.")
final class WarmUpCommand extends ForgeCommand {
    private static final int ROUNDS = 6;
    private static final int CORE_SIZE = 300_000;

    @Parameters(paramLabel = "DIR")
    Path folder = Path.of("");

    WarmUpCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        Path scratch = Files.createTempDirectory("talos-forge-warm-up");
        Path file = scratch.resolve("file");
        try (Workers workers = Workers.perCore()) {
            session.forge().graph(session.directory(), RunQueue.all(1));
            FileTree tree = DiskTree.read(folder);
            SquashfsOptions options = SquashfsOptions.xz(Xz.blocks(SquashfsOptions.DEFAULT_BLOCK_SIZE), 0);
            for (int round = 0; round < ROUNDS; round++) {
                new SquashfsWriter(options, workers).write(tree, file);
            }
            LayerWriter.gzip(Gzip::stored).write(tree, file);
            ByteSource image = ByteSource.of(file);
            Sha256.of(image);
            Xz.rawLzma1(image.read("warm-up", 0, (int) Math.min(CORE_SIZE, image.size())));
            session.forge().validate(session.directory(), RunQueue.all(1));
            transfer(tree, file);
            WarmUpUpload.run(scratch.resolve("proxmox"), process.environment());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(scratch);
        }
        return 0;
    }

    /** Runs one push and one pull. */
    private void transfer(FileTree tree, Path file) throws IOException, InterruptedException {
        try (WarmUpRegistry registry = WarmUpRegistry.start()) {
            Map<String, String> environment = new TreeMap<>(process.environment());
            environment.put("TALOS_FORGE_REGISTRIES", registry.settings("warm-up.test"));
            BuildContext context = Session.open(
                            new ProcessEnvironment(process.out(), process.err(), environment, false), global())
                    .context();
            ImageReference target = ImageReference.parse("warm-up.test/image:v1");
            SingleLayerImage.push(context, target, tree, List.of(), 0);
            Resolved resolved = context.registries().resolve(target, Platform.linux("amd64"));
            for (Descriptor layer : resolved.manifest().layers()) {
                context.registries().pullBlob(resolved.reference(), layer, file);
            }
        }
    }
}
