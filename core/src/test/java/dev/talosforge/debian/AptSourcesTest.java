package dev.talosforge.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {
    @TempDir
    private Path etc;

    @BeforeEach
    void anOldRelease() throws IOException {
        release("bookworm");
    }

    private void release(String codename) throws IOException {
        Files.writeString(etc.resolve("os-release"), "ID=debian\nVERSION_CODENAME=" + codename + "\n");
        Files.createDirectories(etc.resolve("apt/sources.list.d"));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(etc.resolve("apt").resolve(name), text);
    }

    @Test
    void addsTheNewerReleaseOfTheSameMirror() throws IOException {
        file("sources.list.d/debian.sources", """
                # of an image
                Types: deb deb-src
                URIs: http://mirror.example/debian
                suites: bookworm bookworm-updates
                Components: main contrib
                Targets: Packages DEP-11
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

                Types: deb
                URIs: http://mirror.example/debian-security
                Suites: bookworm-security
                Components: main
                """);
        AptSources sources = AptSources.read(etc);
        assertEquals("trixie", sources.newer());
        assertEquals("""
                Types: deb
                URIs: http://mirror.example/debian
                Suites: bookworm bookworm-updates
                Components: main
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
                Targets: Packages

                Types: deb
                URIs: http://mirror.example/debian
                Suites: trixie
                Components: main
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
                Targets: Packages

                Types: deb
                URIs: http://mirror.example/debian-security
                Suites: bookworm-security
                Components: main
                Targets: Packages
                """, sources.text());
    }

    @Test
    void readsTheOlderFormatWithItsOptions() throws IOException {
        file("sources.list", """
                # deb http://not.example/debian bookworm main
                deb-src http://mirror.example/debian bookworm main
                deb [arch=amd64 signed-by=/etc/key.gpg] http://mirror.example/debian bookworm main non-free # own
                """);
        assertEquals(
                List.of(
                        "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main\nSigned-By: /etc/key.gpg\nTargets: Packages\n",
                        "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\nSigned-By: /etc/key.gpg\nTargets: Packages\n"),
                AptSources.read(etc).stanzas());
    }

    @Test
    void leavesOtherPeoplesSourcesAlone() throws IOException {
        file("sources.list", """
                deb http://deb.example/debian bookworm main
                deb http://engine.example/linux/debian bookworm stable
                deb http://database.example/apt bookworm-pgdg main
                deb http://flat.example/ ./
                """);
        file(
                "sources.list.d/off.sources",
                "Types: deb\nEnabled: no\nURIs: http://off.example\nSuites: bookworm\nComponents: main\n");
        AptSources sources = AptSources.read(etc);
        assertEquals(2, sources.stanzas().size());
        assertTrue(sources.stanzas().stream().allMatch(stanza -> stanza.contains("http://deb.example/debian")));
    }

    @Test
    void takesANewReleaseAsItIs() throws IOException {
        release("trixie");
        file("sources.list", "deb http://deb.example/debian trixie main\n");
        AptSources sources = AptSources.read(etc);
        assertEquals("trixie", sources.newer());
        assertEquals(1, sources.stanzas().size());
    }

    @Test
    void keepsAKeyInTheFile() throws IOException {
        file("sources.list.d/a.sources", """
                Types: deb
                URIs: http://deb.example/debian
                Suites: bookworm
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 -----END PGP PUBLIC KEY BLOCK-----
                """);
        assertTrue(AptSources.read(etc).text().contains("Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n"));
    }

    @Test
    void saysWhatIsMissingElsewhere() {
        BuildException refused = assertThrows(BuildException.class, () -> AptSources.read(etc));
        assertEquals(Problem.Kind.ENVIRONMENT, refused.problems().getFirst().kind());
    }
}
