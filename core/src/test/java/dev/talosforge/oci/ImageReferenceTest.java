package dev.talosforge.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ImageReferenceTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @Test
    void fillsInWhatDockerFillsIn() {
        assertFull("docker.io/library/debian", "debian");
        assertFull("docker.io/library/debian:12", "debian:12");
        assertFull("docker.io/library/debian:12", "docker.io/debian:12");
        assertFull("docker.io/library/debian", "index.docker.io/library/debian");
        assertFull("docker.io/acme/tool", "acme/tool");
        assertFull("ghcr.io/siderolabs/installer:v1.11.5", "ghcr.io/siderolabs/installer:v1.11.5");
        assertFull("localhost/x", "localhost/x");
        assertFull("localhost:5000/x:y", "localhost:5000/x:y");
        assertFull("127.0.0.1:5000/a/b/c", "127.0.0.1:5000/a/b/c");
        assertFull("[2001:db8::1]:5000/x:y", "[2001:db8::1]:5000/x:y");
        assertFull("[::1]/x", "[::1]/x");
        assertFull("Host/x", "Host/x");
        assertFull("registry:5000/x@" + DIGEST, "registry:5000/x@" + DIGEST);
        assertFull("ghcr.io/a/b:tag@" + DIGEST, "ghcr.io/a/b:tag@" + DIGEST);
        assertFull("docker.io/a_b/c__d/e---f.g", "a_b/c__d/e---f.g");
    }

    @Test
    void knowsItsParts() {
        ImageReference reference = ImageReference.parse("registry.example:5000/a/b:v1@" + DIGEST);
        assertEquals("registry.example:5000", reference.registry());
        assertEquals("a/b", reference.repository());
        assertEquals("v1", reference.tag());
        assertEquals(DIGEST, String.valueOf(reference.digest()));
        assertEquals(DIGEST, reference.selector());
        assertEquals("v2", reference.withTag("v2").selector());
        assertEquals("latest", ImageReference.parse("x").selector());
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused("not an image reference: \"\": it is empty", "");
        assertRefused(
                "not an image reference: \"https://ghcr.io/a\": it is a URL; write it without the scheme",
                "https://ghcr.io/a");
        assertRefused(
                "not an image reference: \"ghcr.io/Acme/x\": \"Acme/x\" is not a repository name: use lower-case letters and digits, with . _ - between them",
                "ghcr.io/Acme/x");
        assertRefused(
                "not an image reference: \"a:\": \"\" is not a tag: use up to 128 letters, digits, and . _ -", "a:");
        assertRefused(
                "not an image reference: \"a@sha256:12\": \"sha256:12\" is not a digest like sha256:…", "a@sha256:12");
        assertRefused(
                "not an image reference: \"a@md5:" + "0".repeat(32) + "\": md5 digests are not supported",
                "a@md5:" + "0".repeat(32));
        for (String broken : new String[] {
            "a/",
            "/a",
            "a//b",
            "a..b",
            "-a/b",
            "a b",
            "a:b:c",
            "-.example/x",
            "localhost",
            "a@" + DIGEST + "@" + DIGEST,
            "0123456789abcdef".repeat(4),
            "ä",
            "a/" + "b".repeat(300),
            "x".repeat(5000),
            "a:" + "t".repeat(129),
            "host:port/x",
            "ghcr.io:/x"
        }) {
            if (broken.equals("localhost")) {
                assertFull("docker.io/library/localhost", broken);
            } else {
                assertThrows(IllegalArgumentException.class, () -> ImageReference.parse(broken), broken);
            }
        }
    }

    private static void assertFull(String full, String text) {
        assertEquals(full, ImageReference.parse(text).toString());
        assertEquals(full, ImageReference.parse(full).toString());
    }

    private static void assertRefused(String message, String text) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> ImageReference.parse(text))
                        .getMessage());
    }
}
