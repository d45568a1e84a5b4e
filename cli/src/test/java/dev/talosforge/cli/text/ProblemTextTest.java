package dev.talosforge.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTextTest {
    @Test
    void pointsIntoTheConfiguration() {
        Problem problem = Problem.failed(Problem.Kind.INVALID_INPUT, "unknown output kind \"is0\"")
                .because("output.kind is one of iso, installer, uki")
                .at(new Where.Source(Path.of("images/metal.hcl"), 12, 10, 5, "  kind = \"is0\""))
                .trying("did you mean \"iso\"?");
        assertEquals("""
                error: unknown output kind "is0"
                  where: images/metal.hcl:12:10
                    12 |   kind = "is0"
                       |          ^^^^^
                  why:   output.kind is one of iso, installer, uki
                  try:   did you mean "iso"?
                """, ProblemText.render(problem));
    }

    @Test
    void namesTheRequestThatWasRefused() {
        Problem problem = Problem.failed(Problem.Kind.REFUSED, "cannot push acme/installer:v1.13.2")
                .because("UNAUTHORIZED: authentication required")
                .at(new Where.Remote("PUT", URI.create("https://ghcr.io/v2/acme/installer/manifests/v1.13.2"), 401))
                .trying("run: docker login ghcr.io");
        assertEquals("""
                error: cannot push acme/installer:v1.13.2
                  where: PUT https://ghcr.io/v2/acme/installer/manifests/v1.13.2 (401)
                  why:   UNAUTHORIZED: authentication required
                  try:   run: docker login ghcr.io
                """, ProblemText.render(problem));
    }

    @Test
    void namesTheByteOfABinaryFile() {
        assertEquals(
                """
                error: cannot read boot.iso
                  where: boot.iso at byte 32768 (0x8000)
                  why:   not an ISO 9660 file system
                """,
                ProblemText.render(Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot read boot.iso")
                        .because("not an ISO 9660 file system")
                        .at(new Where.Offset(Path.of("boot.iso"), 32768))));
    }

    @Test
    void saysThatNobodyAnswered() {
        assertEquals(
                """
                error: cannot reach ghcr.io
                  where: GET https://ghcr.io/v2/ (no answer)
                  why:   connection refused
                """,
                ProblemText.render(Problem.failed(Problem.Kind.UNAVAILABLE, "cannot reach ghcr.io")
                        .because("connection refused")
                        .at(new Where.Remote("GET", URI.create("https://ghcr.io/v2/"), 0))));
    }

    @Test
    void aTabIsOneColumnAndNothingIsMarkedBehindTheLine() {
        assertEquals(
                """
                error: a
                  where: x.hcl:3:2
                    3 |  iso = 1
                      |  ^^^^^^^
                  why:   b
                """,
                ProblemText.render(Problem.failed(Problem.Kind.INVALID_INPUT, "a")
                        .because("b")
                        .at(new Where.Source(Path.of("x.hcl"), 3, 2, 400, "\tiso = 1"))));
    }

    @Test
    void whatAnotherMachineSaidMovesNoCursor() {
        assertEquals(
                """
                error: a
                  why:   first\\u001b[2J
                         second
                """,
                ProblemText.render(Problem.failed(Problem.Kind.REFUSED, "a").because("first\u001b[2J\r\nsecond\n")));
    }

    /** Scripts depend on these numbers. */
    @Test
    void eachKindHasItsExitCode() {
        assertEquals(
                List.of(2, 3, 4, 5, 6, 7),
                Arrays.stream(Problem.Kind.values()).map(ProblemText::exitCode).toList());
    }
}
