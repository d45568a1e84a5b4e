package dev.talosforge.problem;

import java.util.Locale;

/** What somebody can ask this program for, however its front end calls that. */
public enum Verb {
    /** What was asked for already. */
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

    /** By the name that runs go by: {@code plan}. */
    public static Verb named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** {@code plan}, {@code doctor vm}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
