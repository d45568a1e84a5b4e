package dev.talosforge.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.Sha256;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePlaceTest {
    private static final Path UNIT = Path.of("/tree/unit");
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private static ImagePlace parse(String text) {
        return ImagePlace.parse(text.replace("DIGEST", DIGEST), UNIT);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ghcr.io/acme/x:v1@DIGEST, ghcr.io/acme/x:v1@DIGEST, v1, x",
                "oci:out, oci:/tree/unit/out, -, out",
                "oci:../out/:v1, oci:/tree/out:v1, v1, out",
                "oci:/srv/out:v1@DIGEST, oci:/srv/out:v1@DIGEST, v1, out",
                "oci:/srv/out@DIGEST, oci:/srv/out@DIGEST, -, out",
                "oci:out:ghcr.io/acme/x:v1, oci:/tree/unit/out:ghcr.io/acme/x:v1, ghcr.io/acme/x:v1, out",
                "oci-archive:a.tar:v1@DIGEST, oci-archive:/tree/unit/a.tar:v1@DIGEST, v1, a.tar",
                "docker-archive:a.tar, docker-archive:/tree/unit/a.tar, -, a.tar",
                "docker-archive:a.tar:acme/x:v1, docker-archive:/tree/unit/a.tar:docker.io/acme/x:v1, v1, x",
            })
    void whatIsWrittenIsReadAgain(String text, String full, String tag, String called) {
        ImagePlace place = parse(text);
        assertEquals(full.replace("DIGEST", DIGEST), place.toString());
        assertEquals(tag, place.tag());
        assertEquals(called, place.shortName());
        assertEquals(place, ImagePlace.parse(place.toString(), Path.of("/elsewhere")));
    }

    @ParameterizedTest
    @CsvSource({
        "oci:, the path is missing",
        "oci::v1, the path is missing",
        "oci:@DIGEST, the path is missing",
        "'oci:out:a b', '\"a b\" is not a valid name in a layout: use letters and digits, with single . _ - : / + between them'",
        "oci-archive:a.tar:, '\"\" is not a valid name in a layout: use letters and digits, with single . _ - : / + between them'",
        "docker-archive:a.tar@DIGEST, images in a docker archive cannot be named by digest",
        "docker-archive:a.tar:A B, 'not an image reference: \"A B\": \"library/A B\" is not a repository name: use lower-case letters and digits, with . _ - between them'",
    })
    void invalidPlacesAreExplained(String text, String why) {
        String written = text.replace("DIGEST", DIGEST);
        assertEquals(
                "not an image place: \"%s\": %s".formatted(written, why),
                assertThrows(IllegalArgumentException.class, () -> parse(text)).getMessage());
    }

    @Test
    void aFolderWithAColonCannotBeNamed() {
        assertEquals(
                "not an image place: \"oci:out\": the path /a:b/out contains a colon, which is where a name begins",
                assertThrows(IllegalArgumentException.class, () -> ImagePlace.parse("oci:out", Path.of("/a:b")))
                        .getMessage());
    }

    @Test
    void placesChangeInWhatIsAskedOnly() {
        Sha256 digest = Sha256.parse(DIGEST);
        for (String scheme : new String[] {"oci:", "oci-archive:"}) {
            ImagePlace place = parse(scheme + "/b/x-{architecture}:v1");
            assertEquals(scheme + "/b/x-arm64:v1", place.of("arm64").toString());
            assertEquals(
                    scheme + "/b/x-{architecture}:v2",
                    place.pinned(digest).withTag("v2").toString());
            assertEquals(
                    scheme + "/b/x-{architecture}:v1@" + DIGEST,
                    place.pinned(digest).toString());
            assertEquals(scheme + "/b/x-{architecture}", place.name());
        }
        ImagePlace docker = parse("docker-archive:/b/x-{architecture}.tar:a.b/c:v1");
        assertEquals(
                "docker-archive:/b/x-arm64.tar:a.b/c:v1", docker.of("arm64").toString());
        assertEquals(
                "docker-archive:/b/x-{architecture}.tar:a.b/c:v2",
                docker.withTag("v2").toString());
        assertSame(docker, docker.pinned(digest));
        assertEquals("docker-archive:/b/x-{architecture}.tar:a.b/c", docker.name());
        ImagePlace registry = parse("a.b/c:v1");
        assertSame(registry, registry.of("arm64"));
        assertEquals("a.b/c:v2", registry.pinned(digest).withTag("v2").toString());
    }
}
