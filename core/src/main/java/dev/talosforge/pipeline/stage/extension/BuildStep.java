package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebFile;
import dev.talosforge.engine.Identity;
import dev.talosforge.engine.Step;
import dev.talosforge.engine.Store;
import dev.talosforge.extension.SandboxBuild;
import dev.talosforge.extension.Source;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.StoredTree;
import dev.talosforge.pipeline.image.TreeRecord;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Builds from sources in a sandbox, and keeps the result. */
final class BuildStep implements Step<StoredTree> {
    /** Raised with every change of what a build sees or what is used of its result. */
    static final int REVISION = 2;

    private final BuildContext context;
    private final String unit;
    private final Work work;
    private final ToolStep tools;
    private final Sha256 identity;

    /**
     * What is built.
     *
     * @param step its name: {@code "build sources[1]"}
     * @param what cannot be done if it fails
     * @param tools what it is run with
     * @param sources what it is made from
     * @param created of everything, in seconds since the epoch
     */
    record Work(
            String step,
            String what,
            Source.Build build,
            Architecture architecture,
            List<DebFile> tools,
            FileTree sources,
            long created) {
        Work {
            tools = List.copyOf(tools);
        }
    }

    BuildStep(BuildContext context, String unit, Work work) throws IOException {
        this.context = context;
        this.unit = unit;
        this.work = work;
        this.tools = new ToolStep(context.events(), unit, work.tools());
        this.identity = identity(work, tools);
    }

    StoredTree run() throws IOException {
        return context.steps().run(unit, work.step(), identity, this);
    }

    /** Not included: how many processes the machine runs at once, which build it is, and how long it may take. */
    private static Sha256 identity(Work work, ToolStep tools) throws IOException {
        Identity identity = Identity.of("build", REVISION)
                .with("architecture", work.architecture().label())
                .with("tools", tools.identity())
                .with("sources", TreeIdentity.of(work.sources()))
                .with("command", work.build().command())
                .with("created", work.created());
        for (Path patch : work.build().patches()) {
            identity.with("patch", Sha256.of(ByteSource.of(patch)));
        }
        work.build().environment().forEach((variable, value) -> identity.with("variable " + variable, value));
        return identity.digest();
    }

    @Override
    public StoredTree make(Store store) throws IOException {
        try {
            return built(store);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while building");
        }
    }

    private StoredTree built(Store store) throws IOException, InterruptedException {
        context.sandbox().check();
        Path root = context.steps()
                .run(unit, ToolStep.NAME, tools.identity(), tools)
                .folder();
        Path log = store.log("build", identity);
        Source.Build build = work.build();
        SandboxBuild.Request request = new SandboxBuild.Request(
                work.what(),
                root,
                work.sources(),
                build.patches(),
                build.command(),
                variables(),
                build.limit(),
                work.created(),
                log);
        Path folder = store.temporaryFolder("build");
        try {
            FileTree result = new SandboxBuild(context.sandbox(), request)
                    .run(folder, size -> context.events().progress(unit, work.step(), size, 0));
            context.events().detail(unit, "the log of the build: " + log);
            return StoredTree.save(store, result);
        } finally {
            DiskTree.delete(folder);
        }
    }

    /** A unit may override a variable of the sandbox. */
    private SortedMap<String, String> variables() {
        SortedMap<String, String> variables = SandboxBuild.variables(
                work.architecture().label(),
                work.architecture().triplet(),
                work.created(),
                Runtime.getRuntime().availableProcessors());
        variables.putAll(work.build().environment());
        return variables;
    }

    @Override
    public void write(StoredTree result, OutputStream out) throws IOException {
        TreeRecord.write(result, out);
    }

    @Override
    public @Nullable StoredTree read(InputStream in, Store store) throws IOException {
        return TreeRecord.read(in, store);
    }

    @Override
    public String describe(StoredTree result) {
        long files = result.tree().entries().stream()
                .filter(entry -> !(entry instanceof Entry.Directory))
                .count();
        return files == 1 ? "1 file" : files + " files";
    }
}
