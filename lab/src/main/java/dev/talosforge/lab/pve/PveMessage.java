package dev.talosforge.lab.pve;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What the real server says: refusals, how tasks end, log lines. The texts are data, {@code answers.tsv} beside this
 * class, each with the version and the case in which it was seen.
 */
enum PveMessage {
    NO_TICKET,
    AUTHENTICATION_FAILED,
    INVALID_CSRF,
    LOGIN_FAILED,
    TICKET_WITH_TOKEN,
    PERMISSION,
    PERMISSION_UNSAID,
    UPLOAD_PERMISSION,
    METHOD_NOT_IMPLEMENTED,
    NO_SUCH_FILE,
    NODE_UNKNOWN,
    NODE_UNREACHABLE,
    NO_ROUTE,
    RELAY_TIMED_OUT,
    RELAY_BROKEN,
    RELAY_LOST,
    HANDLER_DIED,
    VERIFICATION_FAILED,
    NO_SUCH_STORAGE,
    INVALID_CONTENT,
    WRONG_EXTENSION,
    WRONG_IMPORT_NAME,
    PROPERTY_MISSING,
    PROPERTY_UNKNOWN,
    NOT_IN_ENUMERATION,
    TOO_LONG,
    REQUIRED_BY,
    NO_PATTERN,
    TASK_UNKNOWN,
    UPID_MALFORMED,
    STORAGE_UNKNOWN,
    STORAGE_DISABLED,
    STORAGE_ELSEWHERE,
    STORAGE_WITHOUT_PATH,
    CONTENT_NOT_SUPPORTED,
    STORAGE_OFFLINE,
    STORAGE_NOT_ACTIVATED,
    MOUNT_FAILED,
    OTHER_NODE_FAILED,
    STORAGE_MISMATCH,
    VOLUME_NAME,
    VOLUME_MISSING,
    VOLUME_EMPTY,
    MACHINE_UNKNOWN,
    SNAPSHOT_UNKNOWN,
    METHOD_NOT_AVAILABLE,
    CHUNKED,
    UNEXPECTED_CONTENT,
    TOO_LARGE,
    CONTENT_TYPE,
    UPLOAD_FAILED,
    BOUNDARY_IN_QUOTES,
    WRONG_FIELD,
    TEMPORARY_FULL,
    BAD_REQUEST,
    PROXY_TOO_LARGE,
    PROXY_TIMED_OUT,
    PROXY_LOGIN,
    PROXY_ELSEWHERE,
    TASK_OK,
    TASK_WARNINGS,
    TASK_KILLED,
    TASK_LOG_LOST,
    TASK_STOPPED,
    TASK_DISK_FULL,
    TASK_TEMPORARY_GONE,
    TASK_CHECKSUM,
    TASK_BACKING_FILE,
    TASK_FORMAT,
    TASK_UNREACHED,
    DOWNLOAD_OVER,
    DOWNLOAD_CHECKSUM,
    DOWNLOAD_REFUSED,
    DOWNLOAD_UNREACHED,
    LOG_OK,
    LOG_ERROR,
    LOG_START,
    LOG_CHECKSUM,
    LOG_CHECKSUM_OK,
    LOG_NODE,
    LOG_FILE,
    LOG_SIZE,
    LOG_COMMAND,
    LOG_FINISHED,
    LOG_REMOVED,
    LOG_NOT_THERE,
    LOG_DOWNLOADING,
    LOG_DOWNLOADED,
    LOG_THERE;

    private static final Map<PveMessage, RecordedAnswer> RECORDED = recorded();

    private static Map<PveMessage, RecordedAnswer> recorded() {
        Map<PveMessage, RecordedAnswer> recorded = new EnumMap<>(PveMessage.class);
        RecordedAnswer.all().forEach((name, answer) -> recorded.put(valueOf(name), answer));
        return recorded;
    }

    RecordedAnswer record() {
        return Objects.requireNonNull(RECORDED.get(this), () -> name() + " is not in answers.tsv");
    }

    /** The text with these values inserted. */
    String text(Object... values) {
        return record().text().formatted(values);
    }
}
