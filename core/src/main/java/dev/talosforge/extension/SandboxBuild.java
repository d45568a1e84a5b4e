package dev.talosforge.extension;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a build in a sandbox: unpacks the sources, applies the patches, runs the command, and reads its output.
 *
 * <pre>
 *   /build/source    the sources; the command runs here
 *   /build/output    empty; its contents afterwards are the result
 *   /build/home      empty
 *   /build/patches   the patches, by number
 *   /build/command   the command
 * </pre>
 *
 * <p>All sources have the same time; patched files are one second newer, so that make notices.
 */
public final class SandboxBuild {
    private static final String SOURCE = "source";
    private static final String OUTPUT = "output";
    private static final String HOME = "home";
    private static final String PATCHES = "patches";
    private static final String COMMAND = "command";
    private static final String REJECTS = "rejects";
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Duration PATCH_LIMIT = Duration.ofMinutes(5);
    private static final int SHOWN_LINES = 20;
    private static final int SHOWN_REJECTS = 40;

    private final Sandbox sandbox;
    private final Request request;

    public SandboxBuild(Sandbox sandbox, Request request) {
        this.sandbox = sandbox;
        this.request = request;
    }

    /**
     * What to build.
     *
     * @param what cannot be done if it fails: "cannot build sources[1] (build) of frr for arm64"
     * @param root a folder with the programs
     * @param sources the sources
     * @param patches applied in order
     * @param command for {@code sh -e}
     * @param variables additional environment; overrides the sandbox's own
     * @param limit time limit of the command
     * @param created time of the sources and of the result, in seconds since the epoch
     * @param log receives the output of all programs; replaced
     */
    public record Request(
            String what,
            Path root,
            FileTree sources,
            List<Path> patches,
            String command,
            SortedMap<String, String> variables,
            Duration limit,
            long created,
            Path log) {
        public Request {
            patches = List.copyOf(patches);
            variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
        }
    }

    /**
     * The build environment for an architecture.
     *
     * @param architecture amd64 or arm64
     * @param target the compilers' name for it
     * @param created for programs that would otherwise use the clock
     * @param jobs how many processes the machine can run at once
     */
    public static SortedMap<String, String> variables(String architecture, String target, long created, int jobs) {
        SortedMap<String, String> variables = new TreeMap<>();
        variables.put("ARCHITECTURE", architecture);
        variables.put("TARGET", target);
        variables.put("OUTPUT", Sandbox.WORK + "/" + OUTPUT);
        variables.put("SOURCE_DATE_EPOCH", Long.toString(created));
        variables.put("JOBS", Integer.toString(jobs));
        variables.put("HOME", Sandbox.WORK + "/" + HOME);
        variables.put("PATH", PATH);
        variables.put("LC_ALL", "C.UTF-8");
        variables.put("TZ", "UTC");
        return variables;
    }

    /**
     * Runs the build and returns its output.
     *
     * @param work an empty folder; the result reads from it
     * @param progress receives the size of the programs' output, in bytes
     */
    public FileTree run(Path work, LongConsumer progress) throws IOException, InterruptedException {
        Files.deleteIfExists(request.log());
        Files.createFile(request.log());
        for (String name : List.of(SOURCE, OUTPUT, HOME, PATCHES)) {
            Files.createDirectory(work.resolve(name));
        }
        DiskTree.write(request.sources(), work.resolve(SOURCE), _ -> {});
        settle(work.resolve(SOURCE), null);
        OpenFile.write(work.resolve(COMMAND), (request.command() + "\n").getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < request.patches().size(); i++) {
            patch(work, i, progress);
        }
        if (!request.patches().isEmpty()) {
            settle(work.resolve(SOURCE), request.created());
        }
        command(work, progress);
        FileTree result = BuildOutput.read(work.resolve(OUTPUT), request.what(), request.created(), BuildOutput.USUAL);
        if (result.size() == 0) {
            throw failed(
                    "the command left nothing in $OUTPUT, which is %s/%s".formatted(Sandbox.WORK, OUTPUT),
                    "put the files there, as in: make install DESTDIR=$OUTPUT; " + wholeLog());
        }
        return result;
    }

    private void patch(Path work, int number, LongConsumer progress) throws IOException, InterruptedException {
        Path patch = request.patches().get(number);
        String name = "%03d".formatted(number + 1);
        Files.copy(patch, work.resolve(PATCHES).resolve(name));
        say("patch " + patch.getFileName());
        long begin = Files.size(request.log());
        // No fuzz: sources are pinned, so every hunk must be where the patch says.
        List<String> command = List.of(
                "patch",
                "-p1",
                "--force",
                "--fuzz=0",
                "--no-backup-if-mismatch",
                "--reject-file=%s/%s".formatted(Sandbox.WORK, REJECTS),
                "--input=%s/%s/%s".formatted(Sandbox.WORK, PATCHES, name));
        Sandbox.Outcome outcome = sandbox.run(run(work, command, PATCH_LIMIT, progress));
        if (outcome.ending() != Sandbox.Ending.ENDED || outcome.status() != 0) {
            throw failed(
                    "the patch %s does not apply:\n%s%s"
                            .formatted(
                                    patch.getFileName(),
                                    LogText.since(request.log(), begin, SHOWN_LINES),
                                    rejects(work.resolve(REJECTS))),
                    "recreate the patch for the pinned sources; " + wholeLog());
        }
    }

    private static String rejects(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        return "\n" + LogText.last(file, SHOWN_REJECTS);
    }

    private void command(Path work, LongConsumer progress) throws IOException, InterruptedException {
        say("command");
        List<String> command = List.of("/bin/sh", "-e", "%s/%s".formatted(Sandbox.WORK, COMMAND));
        Sandbox.Outcome outcome = sandbox.run(run(work, command, request.limit(), progress));
        String last = LogText.last(request.log(), SHOWN_LINES);
        switch (outcome.ending()) {
            case ENDED -> {
                if (outcome.status() != 0) {
                    throw failed(
                            "its command exited with code %d; its last output:\n%s".formatted(outcome.status(), last),
                            wholeLog());
                }
            }
            case OUT_OF_TIME ->
                throw failed(
                        "its command did not finish within %d minutes; its last output:\n%s"
                                .formatted(request.limit().toMinutes(), last),
                        "raise timeout_minutes if it just needs longer; " + wholeLog());
            case OUTPUT_LIMIT ->
                throw failed(
                        "its command wrote more than a log may hold; its last output:\n%s".formatted(last),
                        "make it write less; " + wholeLog());
        }
    }

    private Sandbox.Run run(Path work, List<String> command, Duration limit, LongConsumer progress) {
        return new Sandbox.Run(
                request.root(), work, SOURCE, request.variables(), command, request.log(), limit, progress);
    }

    private void say(String heading) throws IOException {
        OpenFile.write(
                request.log(),
                "--- %s\n".formatted(heading).getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.APPEND);
    }

    private String wholeLog() {
        return "the whole log is " + request.log();
    }

    private BuildException failed(String why, String remedy) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, request.what())
                .because(why)
                .trying(remedy));
    }

    /**
     * Sets the time of everything to that of the sources.
     *
     * @param patched null at first; later, whatever has another time than this was changed by a patch
     */
    private void settle(Path source, @Nullable Long patched) throws IOException {
        try (Stream<Path> walk = Files.walk(source)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                long modified = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                        .toMillis();
                boolean changed = patched != null
                        && modified != patched * 1000
                        && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                DiskTree.touch(path, request.created() + (changed ? 1 : 0));
            }
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
