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
    /** The task's log cannot be read when it is asked how it ended. */
    TASK_LOG_LOST,
    /** The server's look into the file finds that it leans on another one. */
    BACKING_FILE,
    /** The copy takes its time, so that the listing shows it grow. */
    SLOW_COPY,
    /** The storage takes too long to activate: no answer, and later a task that finds no file. */
    SLOW_ACTIVATION,
    /** The storage cannot be mounted when an upload wants it: 500. */
    MOUNT_FAILS,
    /** Another node cannot be prepared for a copy: 500. */
    SSH_FAILS,
    /** The task starts, the answer is lost. */
    ANSWER_LOST,
    /** The whole body is taken, no task starts and no answer comes. */
    UPLOAD_LOST,
    /** The connection is cut in the middle of the body. */
    CUT_IN_BODY,
    /** One bit of the upload changes on its way to the temporary file. */
    BIT_FLIP,
    /** The body is understood as far as the fields, then refused: 400 with an empty body. */
    BODY_REFUSED,
    /** The end of the body is not found: 500, 501 from old servers. */
    BODY_BROKEN,
    /** A parameter is refused: 400 with the parameter's name. */
    PARAMETER_REFUSED,
    /** The right to upload is gone between the question for it and the upload: 403, or no answer for a large body. */
    RIGHTS_GONE,
    /** The token is gone between two requests: 401. */
    TOKEN_GONE,
    /** The next listing does not show what was stored last, as CephFS may. */
    LISTING_LAGS,
    /** A relayed request times out: 596 with an empty body. */
    RELAY_TIMEOUT,
    /** The relay cannot reach the other node: 595 with an empty body. */
    RELAY_REFUSED,
    /** The relay breaks within the answer: 597 with an empty body. */
    RELAY_BROKEN,
    /** The relay fails in another way: 599 with an empty body. */
    RELAY_LOST,
    /** The handler of a request on a node dies: 500 with its text. */
    HANDLER_DIES,
    /** The connection of a read request is closed without an answer. */
    READ_DROPPED,
    /** A ticket has come to its end: 401, and the ticket is good for nothing from then on. */
    TICKET_EXPIRED,
    /** A login has to be confirmed by a second factor. */
    SECOND_FACTOR,
    /** Only TLS 1.2 is spoken on the next connection. */
    OLD_TLS,
    /** A download by the node fails as wget does on an HTTP error. */
    DOWNLOAD_FAILS
}
