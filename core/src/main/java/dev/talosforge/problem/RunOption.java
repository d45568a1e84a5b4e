package dev.talosforge.problem;

import java.util.Locale;

/** The options of a run, independent of how a front end accepts them. */
public enum RunOption {
    /** The folder of blobs and intermediate results. */
    STORE,
    /** The workspace whose outputs are used. */
    WORKSPACE,
    /** An input that is set from outside. */
    VARIABLE,
    /** Results of earlier runs are not used. */
    FRESH,
    /** Nothing is sent anywhere. */
    NO_PUSH,
    NO_HOOKS,
    OVERWRITE_TAG,
    /** The lock must contain every image. */
    LOCKED,
    /** Findings of the content checks are problems. */
    STRICT,
    /** Programs of the tree run even if it is only inspected. */
    RUN_PROGRAMS,
    /** A reference to lock again. */
    UPDATE,
    /** The image of an installer. */
    INSTALLER,
    /** The file of an ISO. */
    ISO,
    /** Files are deleted, not only listed. */
    DELETE,
    /** As data. */
    JSON,
    /** By UEFI. */
    UEFI,
    /** The folder for something new. */
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
