package dev.talosforge.lab.pve;

/** Faults that can be switched on, by name. Each is armed for a number of times in {@link PveFaults}. */
public enum PveFault {
    TEMP_FULL("the temporary file of an upload cannot be written: 500, and what was written remains"),
    DISK_FULL("the copy to the storage fails half-way: the target is gone, even an older one"),
    TASK_KILLED("the task ends without a result; partial target and temporary file remain"),
    TASK_ORPHANS("the task is killed, but its copy continues until the file is complete"),
    TASK_WARNINGS("the task succeeds with a warning"),
    TASK_LOG_LOST("the task's log cannot be read when its result is requested"),
    BACKING_FILE("the server's check of the file finds a backing file"),
    WRONG_FORMAT("the server's check of the file finds another format than its name says"),
    COPY_UNREACHED("the copy to another node fails at once, because ssh cannot reach it"),
    SLOW_COPY("the copy is slow, so that the listing shows it grow"),
    SLOW_ACTIVATION("the storage takes too long to activate: no answer, and later a task that finds no file"),
    MOUNT_FAILS("the storage cannot be mounted when an upload needs it: 500"),
    SSH_FAILS("another node cannot be prepared for a copy: 500"),
    ANSWER_LOST("the task starts, the answer is lost"),
    PROXY_TIMEOUT("a reverse proxy answers an upload with 504 after its task has started"),
    PROXY_REFUSES("a reverse proxy rejects the size of an upload: 413 with its own page"),
    PROXY_LOGIN("a reverse proxy asks for its own login: 200 with a page, for any request"),
    PROXY_ELSEWHERE("a reverse proxy sends the client to a login page: 302"),
    ANSWER_LATE("a read request is answered a third of a second later"),
    UPLOAD_LOST("the whole body is read, no task starts and no answer comes"),
    CUT_IN_BODY("the connection is cut in the middle of the body"),
    BIT_FLIP("one bit of the upload changes on its way to the temporary file"),
    BODY_REFUSED("the body is parsed up to the fields, then rejected: 400 with an empty body"),
    BODY_BROKEN("the end of the body is not found: 500, 501 from old servers"),
    PARAMETER_REFUSED("a parameter is rejected: 400 with the parameter's name"),
    RIGHTS_GONE("the right to upload is lost between the check and the upload: 403, or no answer for a large body"),
    TOKEN_GONE("the token is gone between two requests: 401"),
    LISTING_LAGS("the next listing does not show what was stored last, as CephFS may"),
    RELAY_TIMEOUT("a relayed request times out: 596 with an empty body"),
    RELAY_REFUSED("the relay cannot reach the other node: 595 with an empty body"),
    RELAY_BROKEN("the relay breaks within the answer: 597 with an empty body"),
    RELAY_LOST("the relay fails in another way: 599 with an empty body"),
    HANDLER_DIES("the handler of a request on a node dies: 500 with its text"),
    READ_DROPPED("the connection of a read request is closed without an answer"),
    TICKET_EXPIRED("a ticket expires: 401, and the ticket is invalid from then on"),
    SECOND_FACTOR("a login has to be confirmed by a second factor"),
    OLD_TLS("only TLS 1.2 is spoken on the next connection"),
    DOWNLOAD_FAILS("a download by the node fails as wget does on an HTTP error");

    private final String effect;

    PveFault(String effect) {
        this.effect = effect;
    }

    /** The effect, in a sentence. */
    public String effect() {
        return effect;
    }
}
