package dev.talosforge.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small program in C, patched and built with a tool chain from Debian's packages. */
@Tag("apt")
class SandboxBuildTest {
    private static final long TIME = 1_700_000_000L;
    private static final String WHAT = "cannot build sources[0] (build) of hello for amd64";

    private static final String PROGRAM = """
            #include <stdio.h>
            int main(void) {
                puts("hello from " __FILE__ " of " __TIMESTAMP__ ", built " __DATE__);
                return 0;
            }
            """;

    private static final String PATCH = """
            --- a/hello.c
            +++ b/hello.c
            @@ -1,5 +1,5 @@
             #include <stdio.h>
             int main(void) {
            -    puts("hello from " __FILE__ " of " __TIMESTAMP__ ", built " __DATE__);
            +    puts("patched " __FILE__ " of " __TIMESTAMP__ ", built " __DATE__);
                 return 0;
             }
            """;

    @TempDir
    private Path folder;

    private int builds;

    private Path patch(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private FileTree built(String command, Path... patches) throws Exception {
        return built(command, Duration.ofMinutes(20), patches);
    }

    private FileTree built(String command, Duration limit, Path... patches) throws Exception {
        SandboxBuild.Request request = new SandboxBuild.Request(
                WHAT,
                Tools.root(),
                new TreeBuilder(1).file("hello.c", 0644, PROGRAM).build(),
                List.of(patches),
                command,
                new TreeMap<>(SandboxBuild.variables("amd64", "x86_64-linux-gnu", TIME, 2)),
                limit,
                TIME,
                folder.resolve("log"));
        Path work = Files.createDirectories(folder.resolve("work-" + builds++ + "/a/b"));
        return new SandboxBuild(new Sandbox(), request).run(work, _ -> {});
    }

    private Problem problem(String command, Path... patches) {
        BuildException thrown = assertThrows(BuildException.class, () -> built(command, patches));
        return thrown.problems().getFirst();
    }

    private Problem expected(String why, String remedy) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, WHAT).because(why).trying(remedy);
    }

    private String log() {
        return "the whole log is " + folder.resolve("log");
    }

    private static List<String> described(FileTree tree) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Entry entry : tree.entries()) {
            Entry.Attributes attributes = entry.attributes();
            String what = switch (entry) {
                case Entry.RegularFile file -> Sha256.of(file.content()).toString();
                case Entry.HardLink link -> "the file " + link.target();
                case Entry.Symlink link -> "-> " + link.target();
                default -> "folder";
            };
            lines.add("%04o %d:%d %d %s %s"
                    .formatted(
                            attributes.permissions(),
                            attributes.uid(),
                            attributes.gid(),
                            attributes.modified(),
                            entry.path(),
                            what));
        }
        return lines;
    }

    /** {@code __TIMESTAMP__} is the time of the file, {@code __DATE__} that of the build. */
    @Test
    void theSameSourcesMakeTheSameBytesWhereverAndWhenever() throws Exception {
        Path patch = patch("0001-greeting.patch", PATCH);
        String command = """
                cc -g -O2 -o hello hello.c
                install -D hello $OUTPUT/usr/bin/hello
                """;
        List<String> first = described(built(command, patch));
        Thread.sleep(1100); // another second
        List<String> second = described(built(command, patch));
        assertEquals(first, second);
        assertEquals(3, first.size());
        assertTrue(first.getLast().startsWith("0755 0:0 1700000000 usr/bin/hello sha256:"), first::toString);

        built("cc hello.c && ./a.out > $OUTPUT/said", patch);
        assertEquals(
                "patched hello.c of Tue Nov 14 22:13:21 2023, built Nov 14 2023\n",
                Files.readString(folder.resolve("work-2/a/b/output/said")));
    }

    @Test
    void aBuildSeesItsVariablesAndTheChosenLinks() throws Exception {
        built("""
                env | sort > $OUTPUT/env
                readlink /usr/bin/cc /usr/bin/awk /usr/bin/which /usr/bin/sh /bin > $OUTPUT/links
                stat -c '%Y %n' . hello.c > $OUTPUT/times
                awk 'BEGIN { print "awk" }' >> $OUTPUT/links
                """);
        Path output = folder.resolve("work-0/a/b/output");
        assertEquals("""
                ARCHITECTURE=amd64
                HOME=/build/home
                JOBS=2
                LC_ALL=C.UTF-8
                OUTPUT=/build/output
                PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                PWD=/build/source
                SOURCE_DATE_EPOCH=1700000000
                TARGET=x86_64-linux-gnu
                TZ=UTC
                """, Files.readString(output.resolve("env")));
        assertEquals("gcc\nmawk\nwhich.debianutils\ndash\nusr/bin\nawk\n", Files.readString(output.resolve("links")));
        assertEquals("1700000000 .\n1700000000 hello.c\n", Files.readString(output.resolve("times")));
    }

    @Test
    void linksStayLinksAndModesThoseOfTheCommand() throws Exception {
        assertEquals(
                List.of(
                        "0700 0:0 1700000000 closed folder",
                        "0640 0:0 1700000000 closed/file " + Sha256.of("text\n".getBytes(UTF_8)),
                        "0777 0:0 1700000000 link -> closed/file",
                        "0640 0:0 1700000000 other the file closed/file"),
                described(built("""
                        cd $OUTPUT
                        mkdir -m 700 closed
                        echo text > closed/file
                        chmod 640 closed/file
                        ln closed/file other
                        ln -s closed/file link
                        """)));
    }

    @Test
    void aPatchThatDoesNotApplyIsShown() throws Exception {
        Path good = patch("0001-greeting.patch", PATCH);
        Path bad = patch("0002-again.patch", PATCH);
        assertEquals(expected("""
                        the patch 0002-again.patch does not apply:
                        patching file hello.c
                        Hunk #1 FAILED at 1.
                        1 out of 1 hunk FAILED -- saving rejects to file /build/rejects
                        --- hello.c
                        +++ hello.c
                        @@ -1,5 +1,5 @@
                         #include <stdio.h>
                         int main(void) {
                        -    puts("hello from " __FILE__ " of " __TIMESTAMP__ ", built " __DATE__);
                        +    puts("patched " __FILE__ " of " __TIMESTAMP__ ", built " __DATE__);
                             return 0;
                         }""", "recreate the patch for the pinned sources; " + log()), problem("true", good, bad));
        assertEquals("""
                --- patch 0001-greeting.patch
                patching file hello.c
                --- patch 0002-again.patch
                patching file hello.c
                Hunk #1 FAILED at 1.
                1 out of 1 hunk FAILED -- saving rejects to file /build/rejects
                """, Files.readString(folder.resolve("log")));
    }

    @Test
    void aCommandThatFailsShowsItsLastWords() {
        assertEquals(expected("""
                        its command exited with code 2; its last output:
                        --- command
                        \tone
                        two, red""", log()), problem("""
                        printf '\\tone\\n\\n'
                        printf 'two, \\033[31mred\\033[0m\\n' >&2
                        (exit 2)
                        echo never
                        """));
    }

    @Test
    void aCommandHasItsTime() {
        BuildException thrown = assertThrows(BuildException.class, () -> built("sleep 1000", Duration.ofSeconds(1)));
        assertEquals(
                expected("""
                        its command did not finish within 0 minutes; its last output:
                        --- command""", "raise timeout_minutes if it just needs longer; " + log()),
                thrown.problems().getFirst());
    }

    @Test
    void whatIsNotAFileIsRefusedByName() {
        assertEquals(
                expected(
                        "its command left the pipe a/pipe, the socket socket in $OUTPUT",
                        "leave only files, folders and links, and no more than an extension can hold"),
                problem("""
                        mkdir $OUTPUT/a
                        mkfifo $OUTPUT/a/pipe
                        perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un("$ENV{OUTPUT}/socket")) or die $!'
                        """));
    }

    @Test
    void noMoreIsTakenThanAnExtensionMayHave() throws Exception {
        Path output = Files.createDirectories(folder.resolve("output/a"));
        Files.writeString(output.resolve("one"), "12345");
        Files.writeString(output.resolve("two"), "67890");
        assertEquals(
                3,
                BuildOutput.read(folder.resolve("output"), WHAT, TIME, new BuildOutput.Limits(3, 10))
                        .size());
        assertEquals(tooMuch("more than 2 files"), refused(new BuildOutput.Limits(2, 10)));
        assertEquals(tooMuch("more than 9 bytes"), refused(new BuildOutput.Limits(3, 9)));
    }

    private Problem refused(BuildOutput.Limits limits) {
        return assertThrows(BuildException.class, () -> BuildOutput.read(folder.resolve("output"), WHAT, TIME, limits))
                .problems()
                .getFirst();
    }

    private Problem tooMuch(String what) {
        return expected(
                "its command left %s in $OUTPUT".formatted(what),
                "leave only files, folders and links, and no more than an extension can hold");
    }

    @Test
    void aCommandDoesNotSayMoreThanALogMayHave() throws Exception {
        Problem problem = problem("yes " + "y".repeat(100));
        String lines = ("y".repeat(100) + "\n").repeat(20);
        assertTrue(
                problem.why()
                        .startsWith("its command wrote more than a log may hold; its last output:\n"
                                + lines.substring(0, 19 * 101)),
                problem::why);
        assertEquals("make it write less; " + log(), String.valueOf(problem.remedy()));
    }

    @Test
    void aCommandHasToLeaveSomething() {
        assertEquals(
                expected(
                        "the command left nothing in $OUTPUT, which is /build/output",
                        "put the files there, as in: make install DESTDIR=$OUTPUT; " + log()),
                problem("true"));
    }
}
