package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.oci.ImagePlace;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit's inputs with those from outside over them. An override that selects another Talos creates a variant: its
 * artifacts get their own names, so that they are added to the shared artifacts and never replace them.
 */
public final class InputOverrides {
    private static final String VERSION = "talos_version";
    private static final String TAG = "installer_tag";
    private static final String ISO = "iso_name";

    /** A tag of an image, which can be part of a file's name and of a workspace's. */
    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}";

    private InputOverrides() {}

    /** All inputs, by name: those of the unit, those from outside over them, and names that follow a variant. */
    public static SortedMap<String, Value> inputs(Unit unit, SortedMap<String, Value> overrides) {
        SortedMap<String, Value> inputs = new TreeMap<>(unit.inputs());
        overrides.forEach((name, value) -> inputs.computeIfPresent(
                name,
                (_, own) -> own instanceof Value.Sequence || own instanceof Value.Mapping
                        ? OutsideInputs.composed(value)
                        : value));
        return inputs;
    }

    /** Like {@link #inputs}, plus what may be set from outside for a stage though the unit does not set it. */
    public static SequencedMap<String, Value> ofStage(Unit unit, SortedMap<String, Value> overrides) {
        SortedMap<String, Value> inputs = new TreeMap<>(unit.inputs());
        inputs.putAll(overrides);
        String variant = variant(unit, overrides);
        if (variant != null && StageModule.IMAGES.is(unit.module())) {
            follow(unit, overrides, variant, inputs);
        }
        return inputs;
    }

    /**
     * The name of the requested variant: its installer's tag, otherwise its version. Null if nothing is requested that
     * differs from the unit's own values, or if the unit builds or delivers no image of Talos.
     */
    public static @Nullable String variant(Unit unit, SortedMap<String, Value> overrides) {
        boolean images = StageModule.IMAGES.is(unit.module());
        if (!images && !StageModule.UPLOAD.is(unit.module())) {
            return null;
        }
        String ownVersion = text(unit.inputs().get(VERSION));
        String ownTag = text(unit.inputs().get(TAG));
        String version = text(overrides.get(VERSION));
        String tag = text(overrides.get(TAG));
        String shared = ownTag != null ? ownTag : ownVersion;
        boolean other = (version != null && !version.equals(ownVersion)) || (tag != null && !tag.equals(shared));
        String name = tag != null ? tag : version;
        // An invalid tag is reported as such, and gives no names.
        return other && name != null && name.matches(NAME) ? name : null;
    }

    /**
     * The version that the unit names in other inputs is the shared one; artifacts of another must not get its name.
     */
    private static void follow(
            Unit unit, SortedMap<String, Value> overrides, String variant, SortedMap<String, Value> inputs) {
        String ownVersion = text(unit.inputs().get(VERSION));
        String version = text(inputs.get(VERSION));
        String ownIso = text(unit.inputs().get(ISO));
        if (!overrides.containsKey(ISO)) {
            inputs.put(ISO, Value.of(isoName(unit, ownIso, ownVersion, variant)));
        }
        if (ownVersion == null || version == null || ownVersion.equals(version)) {
            return;
        }
        for (String name : List.of(TAG, "imager_image", "base_installer_image")) {
            String own = text(unit.inputs().get(name));
            if (own != null && !overrides.containsKey(name)) {
                inputs.put(name, Value.of(own.replace(ownVersion, version)));
            }
        }
    }

    private static String isoName(Unit unit, @Nullable String own, @Nullable String ownVersion, String variant) {
        if (own == null) {
            return IsoName.usual(variant, text(unit.inputs().get("iso_platform"), "nocloud"), ImagePlace.ARCHITECTURE);
        }
        if (ownVersion != null && own.contains(ownVersion)) {
            return own.replace(ownVersion, variant);
        }
        int end = own.endsWith(".iso") ? own.length() - ".iso".length() : own.length();
        return own.substring(0, end) + "-" + variant + own.substring(end);
    }

    private static @Nullable String text(@Nullable Value value) {
        return value instanceof Value.Text(String text) && !text.isEmpty() ? text : null;
    }

    private static String text(@Nullable Value value, String otherwise) {
        String text = text(value);
        return text == null ? otherwise : text;
    }
}
