package dev.talosforge.pipeline.inputs;

import java.util.SortedSet;
import java.util.TreeSet;

/** The names of the inputs of stages. */
public final class StageInputNames {
    private StageInputNames() {}

    /** Of one stage. */
    static SortedSet<String> of(StageModule module) {
        SortedSet<String> names = new TreeSet<>(InputReader.COMMON);
        names.addAll(
                switch (module) {
                    case EXTENSION -> ExtensionInputs.NAMES;
                    case IMAGES -> ImagesInputs.NAMES;
                    case UPLOAD -> UploadInputs.NAMES;
                });
        return names;
    }

    /** Of all of them. */
    public static SortedSet<String> all() {
        SortedSet<String> names = new TreeSet<>();
        for (StageModule module : StageModule.values()) {
            names.addAll(of(module));
        }
        return names;
    }
}
