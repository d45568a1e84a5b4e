package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.debian.DebianLock;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.PackageRequests;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lock of Debian packages as an apply would leave it: what it lacks is resolved, and written into a copy. */
record ForeseenLock(BuildContext context, String unit, ExtensionInputs inputs) {
    private static final String STEP = "Debian packages";

    /** What has to be in the lock. */
    private record Needed(PackageRequest request, Architecture architecture) {}

    /**
     * The lock itself if it lacks nothing.
     *
     * @param folder for a copy
     */
    Path in(Path folder) throws IOException {
        Path lock = inputs.debianLock();
        List<Needed> missing = missing(lock);
        if (missing.isEmpty()) {
            return lock;
        }
        Path copy = folder.resolve(String.valueOf(lock.getFileName()));
        if (Files.exists(lock)) {
            WholeFile.write(copy, ByteSource.of(lock).readAll("lock of Debian packages", DebianLock.MAX_BYTES));
        }
        context.events().started(unit, STEP);
        int packages = 0;
        for (Needed one : missing) {
            packages += context.debian()
                    .of(one.architecture().label())
                    .locked(one.request(), copy)
                    .size();
        }
        context.events().finished(unit, STEP, packages + " packages", false);
        return copy;
    }

    private List<Needed> missing(Path lock) throws IOException {
        List<PackageRequest> all = new PackageRequests(inputs.name()).all(inputs.sources());
        DebianLock.check(lock, all);
        List<Needed> missing = new ArrayList<>();
        for (PackageRequest request : all) {
            for (Architecture architecture : architectures(request)) {
                if (!DebianLock.has(lock, architecture.label(), request)) {
                    missing.add(new Needed(request, architecture));
                }
            }
        }
        return missing;
    }

    /** Tools of a build are those of this machine; on others, where nothing can be built, they are not looked up. */
    private List<Architecture> architectures(PackageRequest request) {
        if (request.purpose() != PackageRequest.Purpose.BUILD) {
            return inputs.architectures();
        }
        Architecture machine = Architecture.ofMachine(System.getProperty("os.arch"));
        return machine == null ? List.of() : List.of(machine);
    }
}
