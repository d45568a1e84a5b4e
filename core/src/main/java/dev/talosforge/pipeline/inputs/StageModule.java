package dev.talosforge.pipeline.inputs;

import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The Terraform modules whose units are run by us. */
public enum StageModule {
    EXTENSION("talos_extension"),
    IMAGES("talos_images"),
    UPLOAD("talos_proxmox_upload");

    private final String module;

    StageModule(String module) {
        this.module = module;
    }

    /** Its name, as the last part of a unit's source has it. */
    public String module() {
        return module;
    }

    /** Whether a unit's module is this one; null is the module of a unit without a source. */
    public boolean is(@Nullable String other) {
        return module.equals(other);
    }

    /**
     * Which of them a unit has.
     *
     * @param module null for a unit without a source
     * @return null for a module that is not ours
     */
    public static @Nullable StageModule of(@Nullable String module) {
        for (StageModule one : values()) {
            if (one.is(module)) {
                return one;
            }
        }
        return null;
    }

    /** Whether a unit with this module is run by us. */
    public static boolean isManaged(@Nullable String module) {
        return of(module) != null;
    }

    /** All of them, by name. */
    public static SortedSet<String> modules() {
        SortedSet<String> modules = new TreeSet<>();
        for (StageModule one : values()) {
            modules.add(one.module);
        }
        return modules;
    }
}
