package dev.talosforge.lab.pve;

/** What can be made to go wrong, by name. Each is armed for a number of times in {@link PveFaults}. */
public enum PveFault {
    /** The temporary file of an upload cannot be written: 500, and what was written stays. */
    TEMP_FULL,
    /** The copy to the storage fails half-way: the target is gone, an older one too. */
    DISK_FULL,
    /** The task ends without a result; partial target and temporary file stay. */
    TASK_KILLED,
    /** The task succeeds with a warning. */
    TASK_WARNINGS,
    /** The copy takes its time, so that the listing shows it grow. */
    SLOW_COPY,
    /** The storage takes too long to activate: no answer, and later a task that finds no file. */
    SLOW_ACTIVATION,
    /** The task starts, the answer is lost. */
    ANSWER_LOST,
    /** The whole body is taken, no task starts and no answer comes. */
    UPLOAD_LOST,
    /** The connection is cut in the middle of the body. */
    CUT_IN_BODY,
    /** One bit of the upload changes on its way to the temporary file. */
    BIT_FLIP,
    /** The next listing does not show what was stored last, as CephFS may. */
    LISTING_LAGS,
    /** A relayed request times out: 596 with an empty body. */
    RELAY_TIMEOUT,
    /** The connection of a read request is closed without an answer. */
    READ_DROPPED
}
