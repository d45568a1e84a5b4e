package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The stand-in's control port: a request is a line with its number and a command in base64; an answer is a line with
 * the number, the command's status and its output in base64.
 */
final class ControlPort {
    private static final int MAX_ANSWER = 2 << 20;
    private static final Pattern ANSWER = Pattern.compile("(\\d{1,9}) (\\d{1,3}) ([A-Za-z0-9+/=]*)");

    private final OutputStream out;
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long asked;

    ControlPort(OutputStream out, InputStream in) {
        this.out = out;
        this.in = in;
    }

    /** Sends a command and returns its number. */
    long ask(String command) throws IOException {
        asked++;
        String question = asked + " " + Base64.getEncoder().encodeToString(command.getBytes(UTF_8)) + "\n";
        out.write(question.getBytes(US_ASCII));
        out.flush();
        return asked;
    }

    /** The answer to a command if it has arrived. Answers to earlier commands that nobody waits for are dropped. */
    @Nullable
    CommandAnswer answer(long number) throws IOException {
        while (in.available() > 0) {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            if (c != '\n') {
                line.write(c);
                if (line.size() > MAX_ANSWER) {
                    throw new IOException("the control port's answer has more than %d bytes".formatted(MAX_ANSWER));
                }
                continue;
            }
            Matcher answer = ANSWER.matcher(line.toString(US_ASCII));
            line.reset();
            if (answer.matches() && Long.parseLong(answer.group(1)) == number) {
                return new CommandAnswer(
                        Integer.parseInt(answer.group(2)),
                        new String(Base64.getDecoder().decode(answer.group(3)), UTF_8));
            }
        }
        return null;
    }
}
