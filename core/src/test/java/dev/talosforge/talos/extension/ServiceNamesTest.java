package dev.talosforge.talos.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.tree.TreeBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceNamesTest {
    private static Extension extension(String name, String file, String service) throws Exception {
        return new Extension(
                new ExtensionManifest(name, "v1.0.0", "", "", "", ""),
                new TreeBuilder(0)
                        .file(
                                "usr/local/etc/containers/" + file,
                                0644,
                                "name: %s\nrestart: always\ncontainer: { entrypoint: /x }\n".formatted(service))
                        .build(),
                List.of());
    }

    @Test
    void aSecondServiceOfOneNameIsReportedWithTheFirst() throws Exception {
        List<Extension> extensions = List.of(
                extension("frr", "z-frr.yaml", "frr"),
                extension("routing", "frr.yaml", "frr"),
                extension("bird", "bird.yaml", "bird"));
        assertEquals(
                List.of(
                        "cannot put extension frr into the images: its /usr/local/etc/containers/z-frr.yaml has a"
                                + " service \"frr\", as extension routing has (/usr/local/etc/containers/frr.yaml); Talos starts only the first; remove one of the two extensions, or rename the service"),
                ServiceNames.twice(extensions).stream()
                        .map(problem -> "%s: %s; %s".formatted(problem.what(), problem.why(), problem.remedy()))
                        .toList());
    }

    @Test
    void aFileThatHidesAnEarlierOneIsNoSecondService() throws Exception {
        assertEquals(
                List.of(),
                ServiceNames.twice(
                        List.of(extension("frr", "frr.yaml", "frr"), extension("frr-of-ours", "frr.yaml", "frr"))));
    }
}
