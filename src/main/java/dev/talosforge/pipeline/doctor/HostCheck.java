package dev.talosforge.pipeline.doctor;

import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This machine: what the program runs on and what it needs beside it. Nothing is changed.
 *
 * @param javaVersion the running one's feature number
 * @param store where blobs and intermediate results are kept; need not exist yet
 * @param path folders with programs
 * @param root where the file system begins
 */
public record HostCheck(int javaVersion, Path store, List<Path> path, Path root) {
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
                                "Java %d runs, %d is needed".formatted(javaVersion, JAVA),
                                "export JAVA_HOME=… to a JDK " + JAVA));
        findings.add(storeFinding());
        findings.add(
                program("QEMU", "qemu-system-x86_64", "talos-forge boot needs", "apt-get install qemu-system-x86"));
        findings.add(firmware());
        findings.add(program("sops", "sops", "trees that call sops_decrypt_file need", null));
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
                    "%s cannot be written".formatted(there == null ? store : there),
                    "name another folder: export TALOS_FORGE_STORE=…");
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String said = "%s can be written, %d MiB are free".formatted(store, free >> 20);
            return free >= ROOM
                    ? Diagnosis.ok("store", said)
                    : Diagnosis.note(
                            "store",
                            said + ", a build takes up to %d".formatted(ROOM >> 20),
                            "free space, or name another folder: export TALOS_FORGE_STORE=…");
        } catch (IOException e) {
            return Diagnosis.note("store", "%s can be written; its free space is not told".formatted(store), null);
        }
    }

    private Diagnosis program(String subject, String name, String needed, @Nullable String remedy) {
        for (Path folder : path) {
            Path file = folder.resolve(name);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Diagnosis.ok(subject, file.toString());
            }
        }
        return Diagnosis.note(subject, "%s is not in PATH; only %s it".formatted(name, needed), remedy);
    }

    private Diagnosis firmware() {
        Path code = root.resolve("usr/share/OVMF/OVMF_CODE_4M.fd");
        return Files.isReadable(code)
                ? Diagnosis.ok("OVMF", code.toString())
                : Diagnosis.note(
                        "OVMF",
                        "%s is not there; only talos-forge boot --uefi needs it".formatted(code),
                        "apt-get install ovmf");
    }
}
