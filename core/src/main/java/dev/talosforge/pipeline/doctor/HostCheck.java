package dev.talosforge.pipeline.doctor;

import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This machine: what the program runs on and what else it needs. Nothing is changed.
 *
 * @param javaVersion the running one's feature number
 * @param store folder of blobs and intermediate results; need not exist yet
 * @param path folders with programs
 * @param root where the file system begins
 */
public record HostCheck(int javaVersion, Path store, List<Path> path, Path root) {
    private static final String QEMU = "qemu-system-x86_64";
    private static final int JAVA = 25;
    private static final long ROOM = 4L << 30;

    /** In a fixed order. */
    public List<Diagnosis> look() {
        List<Diagnosis> findings = new ArrayList<>();
        findings.add(
                javaVersion >= JAVA
                        ? Diagnosis.ok("JDK", "Java " + javaVersion)
                        : Diagnosis.wrong(
                                "JDK",
                                Kind.ENVIRONMENT,
                                "running on Java %d, but %d is required".formatted(javaVersion, JAVA),
                                "set JAVA_HOME to a JDK " + JAVA));
        findings.add(storeFinding());
        findings.add(qemu());
        findings.add(firmware());
        findings.add(sops());
        return findings;
    }

    private Diagnosis storeFinding() {
        Path there = store;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
            return Diagnosis.wrong(
                    "store",
                    Kind.ENVIRONMENT,
                    "%s is not writable".formatted(there == null ? store : there),
                    "use another folder: export TALOS_FORGE_STORE=…");
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String message = "%s is writable, with %d MiB free".formatted(store, free >> 20);
            return free >= ROOM
                    ? Diagnosis.ok("store", message)
                    : Diagnosis.note(
                            "store",
                            message + "; a build needs up to %d".formatted(ROOM >> 20),
                            "free up space, or use another folder: export TALOS_FORGE_STORE=…");
        } catch (IOException e) {
            return Diagnosis.note("store", "%s is writable; its free space is unknown".formatted(store), null);
        }
    }

    private Diagnosis qemu() {
        Path found = program(QEMU);
        return found != null
                ? Diagnosis.ok("QEMU", found.toString())
                : Diagnosis.noted("QEMU", QEMU + " is not on the PATH", new Remedy.Install("qemu-system-x86"))
                        .onlyFor(Remedy.command(Verb.BOOT));
    }

    private Diagnosis sops() {
        Path found = program("sops");
        return found != null
                ? Diagnosis.ok("sops", found.toString())
                : Diagnosis.note(
                        "sops", "sops is not on the PATH; only trees that call sops_decrypt_file need it", null);
    }

    private @Nullable Path program(String name) {
        for (Path folder : path) {
            Path file = folder.resolve(name);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return file;
            }
        }
        return null;
    }

    private Diagnosis firmware() {
        Path code = root.resolve("usr/share/OVMF/OVMF_CODE_4M.fd");
        return Files.isReadable(code)
                ? Diagnosis.ok("OVMF", code.toString())
                : Diagnosis.noted("OVMF", "%s does not exist".formatted(code), new Remedy.Install("ovmf"))
                        .onlyFor(Remedy.command(Verb.BOOT).with(RunOption.UEFI));
    }
}
