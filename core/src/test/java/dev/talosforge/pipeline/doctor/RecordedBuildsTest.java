package dev.talosforge.pipeline.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.PinnedImage;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.talos.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor takes from the record of an apply. */
class RecordedBuildsTest {
    private static final String AGENT = "ghcr.io/siderolabs/qemu-guest-agent:10.0.2";

    @TempDir
    Path folder = Path.of("");

    private RecordedBuilds.Images recorded(Part... parts) throws Exception {
        Files.writeString(folder.resolve("terragrunt.hcl"), "terraform { source = \"modules//talos_images\" }\n");
        Files.writeString(folder.resolve("terraform.tfstate"), """
                {"version": 4, "serial": 1, "lineage": "a",
                 "outputs": {"iso_sha256": {"value": "ab", "type": "string"}}, "resources": []}
                """);
        new ApplyRecord(StageKind.IMAGES, List.of(parts)).write(folder.resolve("terraform.tfstate"), null);
        RunSettings settings = RunSettings.plain(Map.of(), () -> Instant.ofEpochSecond(1000));
        TreeSession looking = TreeSession.at(folder.toRealPath(), "plan", MockPolicy.MOCKS_ALLOWED, settings);
        RecordedBuilds builds = new RecordedBuilds(new ArrayList<>(), new ArrayList<>());
        for (UnitTree.Node node : looking.tree().nodes()) {
            builds.add(looking, node);
        }
        return builds.images().getFirst();
    }

    private static PinnedImage image(String place) {
        return new PinnedImage(ImagePlace.parse(place, Path.of("/")), null);
    }

    /** The name of an extension, wherever it stands; nothing else that happens to have the word in it. */
    @Test
    void knowsTheGuestAgent() throws Exception {
        assertEquals(true, recorded(new Part.Extension(false, image(AGENT))).hasGuestAgent());
        assertEquals(
                true,
                recorded(new Part.Extension(true, image("oci:/srv/qemu-guest-agent:v1")))
                        .hasGuestAgent());
        assertEquals(
                true,
                recorded(new Part.ExtensionVariant(Architecture.ARM64, image(AGENT)))
                        .hasGuestAgent());
        assertEquals(
                false,
                recorded(
                                new Part.Extension(false, image("ghcr.io/siderolabs/crun:1.24")),
                                new Part.KernelArgument("qemu-guest-agent=off"),
                                new Part.Unknown("flavour", AGENT))
                        .hasGuestAgent());
    }

    @Test
    void knowsForWhichMachineAnIsoIs() throws Exception {
        assertEquals(Map.of("ab", "amd64"), recorded().isos());
        assertEquals(
                Map.of("ab", "arm64"),
                recorded(new Part.Architectures(List.of(Architecture.ARM64))).isos());
    }
}
