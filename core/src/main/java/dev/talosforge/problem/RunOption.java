package dev.talosforge.problem;

import java.util.Locale;

/** What can be said along with what is asked for, however a front end takes it. */
public enum RunOption {
    /** The folder of blobs and intermediate results. */
    STORE,
    /** The workspace whose outputs are meant. */
    WORKSPACE,
    /** An input that is set from outside. */
    VARIABLE,
    /** Nothing is taken from earlier runs. */
    FRESH,
    /** Nothing is sent anywhere. */
    NO_PUSH,
    NO_HOOKS,
    OVERWRITE_TAG,
    /** The lock has to have every image. */
    LOCKED,
    /** What the content checks find is a problem. */
    STRICT,
    /** Programs of the tree run when it is only looked at, too. */
    RUN_PROGRAMS,
    /** A reference that is locked anew. */
    UPDATE,
    /** The image of an installer. */
    INSTALLER,
    /** The file of an ISO. */
    ISO,
    /** Really, and not only told. */
    DELETE,
    /** As data. */
    JSON,
    /** By UEFI. */
    UEFI,
    /** The folder that something new is written into. */
    TARGET,
    /** How much memory the program may use. */
    HEAP,
    /** How deep the program's stack is. */
    STACK;

    /** {@code no push}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
