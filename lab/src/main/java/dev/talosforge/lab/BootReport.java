package dev.talosforge.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a booted image reported on its serial console.
 *
 * @param kernelArguments the kernel's command line
 * @param extensions in the order in which they were mounted
 * @param running services and their daemons: {@code frr}, {@code frr bgpd}
 * @param waiting services that wait for something, as under Talos
 * @param answers of programs that were asked: the first line of {@code vtysh}'s
 * @param notes other lines, unchanged
 * @param failure why it did not become ready; null if it did
 * @param complete whether it ended, well or not
 * @param milliseconds from the start of the machine to the last line
 */
public record BootReport(
        @Nullable String kernelArguments,
        List<Extension> extensions,
        List<String> running,
        List<Waiting> waiting,
        List<Answer> answers,
        List<String> notes,
        @Nullable String failure,
        boolean complete,
        long milliseconds) {
    /** One system extension. */
    public record Extension(String name, String version) {}

    /** A service and what it waits for: {@code configuration}, {@code network addresses}. */
    public record Waiting(String service, String what) {}

    /** What a program in the image printed. */
    public record Answer(String program, String line) {}

    private static final Pattern LINE = Pattern.compile("talos-forge-lab: ([^\\r\\n]*)");
    private static final Pattern EXTENSION = Pattern.compile("extension (\\S+) (.*) mounted");
    private static final Pattern SERVICE = Pattern.compile("service (\\S+(?: \\S+)?) running");
    private static final Pattern WAITING = Pattern.compile("service (\\S+) is still waiting for (.*)");
    private static final Pattern ANSWER = Pattern.compile("(?:program )?(\\S+) answers (.*)");
    private static final Pattern READY = Pattern.compile("ready extensions=(\\d{1,4})");

    public BootReport {
        extensions = List.copyOf(extensions);
        running = List.copyOf(running);
        waiting = List.copyOf(waiting);
        answers = List.copyOf(answers);
        notes = List.copyOf(notes);
    }

    /** Whether the machine reports that it is ready and mounted as many extensions as it listed. */
    public boolean isReady() {
        return complete && failure == null;
    }

    /** Reads what has arrived; only whole lines count. */
    static BootReport read(String serial, long milliseconds) {
        @Nullable String kernelArguments = null;
        @Nullable String failure = null;
        boolean complete = false;
        List<Extension> extensions = new ArrayList<>();
        List<String> running = new ArrayList<>();
        List<Waiting> waiting = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Matcher lines = LINE.matcher(serial.substring(0, serial.lastIndexOf('\n') + 1));
        while (lines.find()) {
            String line = lines.group(1).strip();
            Matcher extension = EXTENSION.matcher(line);
            Matcher service = SERVICE.matcher(line);
            Matcher waits = WAITING.matcher(line);
            Matcher answer = ANSWER.matcher(line);
            Matcher ready = READY.matcher(line);
            if (line.startsWith("cmdline ")) {
                kernelArguments = line.substring("cmdline ".length());
            } else if (extension.matches()) {
                extensions.add(new Extension(extension.group(1), extension.group(2)));
            } else if (service.matches()) {
                running.add(service.group(1));
            } else if (waits.matches()) {
                waiting.add(new Waiting(waits.group(1), waits.group(2)));
            } else if (answer.matches()) {
                answers.add(new Answer(answer.group(1), answer.group(2)));
            } else if (ready.matches()) {
                complete = true;
                if (Integer.parseInt(ready.group(1)) != extensions.size()) {
                    failure = "the machine reports %s extensions but listed %d"
                            .formatted(ready.group(1), extensions.size());
                }
            } else if (line.startsWith("failed ")) {
                complete = true;
                failure = line.substring("failed ".length());
            } else {
                notes.add(line);
            }
        }
        return new BootReport(
                kernelArguments, extensions, running, waiting, answers, notes, failure, complete, milliseconds);
    }
}
