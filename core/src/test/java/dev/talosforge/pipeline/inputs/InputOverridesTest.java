package dev.talosforge.pipeline.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Hooks;
import dev.talosforge.config.unit.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Another Talos for one cluster, asked for from outside: what it is called, and what its artifacts are called. */
class InputOverridesTest {
    private final SortedMap<String, Value> own = new TreeMap<>();
    private final SortedMap<String, Value> overrides = new TreeMap<>();

    private InputOverridesTest own(String name, String value) {
        own.put(name, Value.of(value));
        return this;
    }

    private InputOverridesTest with(String name, String value) {
        overrides.put(name, Value.of(value));
        return this;
    }

    private Unit unit(String module) {
        return new Unit(
                Path.of("/tree/unit"),
                Path.of("/tree/unit"),
                "unit",
                module,
                module,
                own,
                new TreeMap<>(),
                List.of(),
                List.of(),
                null,
                false,
                Hooks.none(),
                List.of(),
                false);
    }

    private String images() {
        StringBuilder text = new StringBuilder();
        SequencedMap<String, Value> inputs = InputOverrides.ofStage(unit(StageModule.IMAGES.module()), overrides);
        inputs.forEach((name, value) -> {
            if (value instanceof Value.Text(String given)) {
                text.append(name).append(" = ").append(given).append('\n');
            }
        });
        return text.toString();
    }

    @Test
    void withoutAnythingFromOutsideNothingChanges() {
        own("talos_version", "v1.11.5").own("iso_name", "talos-v1.11.5.iso");
        assertNull(InputOverrides.variant(unit(StageModule.IMAGES.module()), overrides));
        assertEquals("iso_name = talos-v1.11.5.iso\ntalos_version = v1.11.5\n", images());
    }

    @Test
    void whatTheTreeSaysItselfIsNoVariant() {
        own("talos_version", "v1.11.5").with("talos_version", "v1.11.5").with("installer_tag", "v1.11.5");
        assertNull(InputOverrides.variant(unit(StageModule.IMAGES.module()), overrides));
        own("installer_tag", "cluster").with("installer_tag", "cluster");
        assertNull(InputOverrides.variant(unit(StageModule.IMAGES.module()), overrides));
    }

    @Test
    void namesFollowAnotherVersion() {
        own("talos_version", "v1.11.5")
                .own("installer_tag", "v1.11.5")
                .own("iso_name", "talos-frr-v1.11.5-nocloud-amd64.iso")
                .own("imager_image", "mirror.test/imager:v1.11.5")
                .with("talos_version", "v1.12.0");
        assertEquals("v1.12.0", InputOverrides.variant(unit(StageModule.IMAGES.module()), overrides));
        assertEquals("""
                imager_image = mirror.test/imager:v1.12.0
                installer_tag = v1.12.0
                iso_name = talos-frr-v1.12.0-nocloud-amd64.iso
                talos_version = v1.12.0
                """, images());
    }

    @Test
    void theTagNamesTheVariantWhereItIsGiven() {
        own("talos_version", "v1.11.5")
                .own("iso_name", "talos-frr-v1.11.5-nocloud-amd64.iso")
                .with("talos_version", "v1.12.0")
                .with("installer_tag", "v1.12.0-test");
        assertEquals("v1.12.0-test", InputOverrides.variant(unit(StageModule.IMAGES.module()), overrides));
        assertEquals("""
                installer_tag = v1.12.0-test
                iso_name = talos-frr-v1.12.0-test-nocloud-amd64.iso
                talos_version = v1.12.0
                """, images());
    }

    @Test
    void anIsoThatDoesNotNameTheVersionGetsTheVariantsName() {
        own("talos_version", "v1.11.5").own("iso_name", "boot.iso").with("installer_tag", "trial");
        assertEquals("""
                installer_tag = trial
                iso_name = boot-trial.iso
                talos_version = v1.11.5
                """, images());
        own.remove("iso_name");
        assertEquals("""
                installer_tag = trial
                iso_name = talos-trial-nocloud-{architecture}.iso
                talos_version = v1.11.5
                """, images());
    }

    @Test
    void aNameThatIsGivenFromOutsideIsKept() {
        own("talos_version", "v1.11.5")
                .own("iso_name", "talos-v1.11.5.iso")
                .with("talos_version", "v1.12.0")
                .with("iso_name", "mine.iso");
        assertEquals("iso_name = mine.iso\ntalos_version = v1.12.0\n", images());
    }

    @Test
    void whatCannotBeATagNamesNothing() {
        own("talos_version", "v1.11.5").with("installer_tag", "../../other");
        assertNull(InputOverrides.variant(unit(StageModule.IMAGES.module()), overrides));
    }

    @Test
    void aStageThatKnowsNoVersionHasNoVariant() {
        own("version", "v1.0.0").with("talos_version", "v1.12.0");
        assertNull(InputOverrides.variant(unit(StageModule.EXTENSION.module()), overrides));
    }
}
