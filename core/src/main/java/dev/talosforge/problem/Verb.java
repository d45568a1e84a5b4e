package dev.talosforge.problem;

import java.util.Locale;

/** The commands of this program, independent of their names in a front end. */
public enum Verb {
    /** The command of this run. */
    SAME,
    VALIDATE,
    RENDER,
    GRAPH,
    PLAN,
    APPLY,
    OUTPUT,
    LOCK,
    VERIFY,
    PRUNE,
    TAGS,
    INSPECT,
    BOOT,
    /** What is wrong with a virtual machine. */
    DOCTOR_VM;

    /** By its name in reports: {@code plan}. */
    public static Verb named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** {@code plan}, {@code doctor vm}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
