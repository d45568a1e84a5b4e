package dev.talosforge.lab.pve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The streaming multipart parser of an upload, with the real one's rules: fields in one order only, the file last, and
 * data is processed after every TLS record. A file part whose headers are cut by the end of a record after the file
 * name loses the rest of its headers into the file.
 */
final class PveMultipart {
    /** Of everything before the file's bytes. */
    private static final int PREAMBLE_LIMIT = 512 << 10;

    private static final List<String> FIELDS = List.of("content", "checksum-algorithm", "checksum");

    private final OutputStream file;
    private final byte[] close;
    private final Pattern start;
    private final Pattern field;
    private final Pattern part;
    private final SequencedMap<String, String> values = new TreeMap<>();
    private byte[] pending = new byte[0];
    private int nextField;
    private State state = State.SKIPPING;

    /** How far the body has been parsed. */
    enum State {
        SKIPPING,
        FIELDS,
        DATA,
        DONE
    }

    /** An answer that ends the upload. */
    static final class Refused extends Exception {
        private final PveMessage message;
        private final List<String> values;

        Refused(PveMessage message, String... values) {
            super(message.name());
            this.message = message;
            this.values = List.of(values);
        }

        PveMessage message() {
            return message;
        }

        Object[] values() {
            return values.toArray();
        }
    }

    PveMultipart(String boundary, OutputStream file) {
        this.file = file;
        this.close = ("--" + boundary + "--").getBytes(StandardCharsets.ISO_8859_1);
        String newline = "\r?\n";
        String delimiter = "(?:" + newline + ")?--" + Pattern.quote(boundary);
        this.start = Pattern.compile("--" + Pattern.quote(boundary));
        this.field = Pattern.compile(
                delimiter + newline + "Content-Disposition: form-data; name=\"([^\"\r\n]*)\"" + newline + newline
                        + "(.*?)(?=" + newline + "--" + Pattern.quote(boundary) + ")",
                Pattern.DOTALL);
        this.part = Pattern.compile(
                delimiter + newline + "Content-Disposition: form-data; name=\"([^\"\r\n]*)\"; filename=\"([^\"]+)\"");
    }

    State state() {
        return state;
    }

    /** Fields, and {@code filename} once it is known. */
    SequencedMap<String, String> values() {
        return values;
    }

    /** Takes the plain text of one TLS record. */
    void feed(byte[] bytes, int offset, int length) throws IOException, Refused {
        int before = pending.length;
        pending = Arrays.copyOf(pending, before + length);
        System.arraycopy(bytes, offset, pending, before, length);
        if (state == State.SKIPPING) {
            skip();
        }
        if (state == State.FIELDS) {
            preamble();
        }
        if (state == State.DATA) {
            data();
        }
    }

    private String text() {
        return new String(pending, StandardCharsets.ISO_8859_1);
    }

    private void drop(int count) {
        pending = Arrays.copyOfRange(pending, count, pending.length);
    }

    private void skip() {
        Matcher found = start.matcher(text());
        if (found.find()) {
            drop(found.start());
            state = State.FIELDS;
        } else if (pending.length > close.length) {
            drop(pending.length - close.length);
        }
    }

    private void preamble() throws Refused {
        while (true) {
            String text = text();
            Matcher file = part.matcher(text);
            if (file.lookingAt()) {
                beginFile(file);
                return;
            }
            Matcher value = field.matcher(text);
            if (!value.lookingAt()) {
                if (text.length() > PREAMBLE_LIMIT || !couldBecomeAPart(text)) {
                    throw new Refused(PveMessage.BAD_REQUEST);
                }
                return;
            }
            int position = FIELDS.indexOf(value.group(1));
            if (position < nextField) {
                throw new Refused(PveMessage.BAD_REQUEST);
            }
            values.put(value.group(1), value.group(2));
            nextField = position + 1;
            drop(value.end());
        }
    }

    /** False if the first header is complete and is not the right one. */
    private static boolean couldBecomeAPart(String text) {
        String[] lines = text.stripLeading().split("\r?\n", 3);
        if (lines.length < 3) {
            return true;
        }
        return lines[1].matches("Content-Disposition: form-data; name=\"[^\"]*\"");
    }

    private void beginFile(Matcher found) throws Refused {
        if (!found.group(1).equals("filename")) {
            throw new Refused(PveMessage.WRONG_FIELD, found.group(1));
        }
        String name = new String(found.group(2).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
        values.put("filename", name);
        String rest = text().substring(found.end());
        Matcher blank = Pattern.compile("\r?\n\r?\n").matcher(rest);
        // The real server's regular expression matches the other headers only if they have all arrived.
        drop(found.end() + (blank.find() ? blank.end() : 0));
        state = State.DATA;
    }

    private void data() throws IOException {
        int end = indexOfClose();
        if (end < 0) {
            int sure = Math.max(0, pending.length - close.length - 1);
            file.write(pending, 0, sure);
            drop(sure);
            return;
        }
        int length = end;
        if (length > 0 && pending[length - 1] == '\n') {
            length--;
            if (length > 0 && pending[length - 1] == '\r') {
                length--;
            }
        }
        file.write(pending, 0, length);
        pending = new byte[0];
        state = State.DONE;
    }

    private int indexOfClose() {
        for (int i = 0; i <= pending.length - close.length; i++) {
            if (pending[i] == '-' && Arrays.equals(pending, i, i + close.length, close, 0, close.length)) {
                return i;
            }
        }
        return -1;
    }
}
