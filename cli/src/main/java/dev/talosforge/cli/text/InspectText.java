package dev.talosforge.cli.text;

import dev.talosforge.bytes.ByteSize;
import dev.talosforge.inspect.Difference;
import dev.talosforge.inspect.Kind;
import dev.talosforge.inspect.Proof;
import dev.talosforge.inspect.Report;
import dev.talosforge.inspect.Report.ExtensionFacts;
import dev.talosforge.inspect.Report.FileFacts;
import dev.talosforge.inspect.Report.ServiceFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reports, differences and proofs for people. */
public final class InspectText {
    private static final int FILE_COLUMNS = 6;
    private static final int PART = 1 << 16;

    private InspectText() {}

    /** In parts, because a list of files can be long. */
    public static void render(Report report, Consumer<String> to) {
        StringBuilder out = new StringBuilder();
        line(out, report.kind().words() + "  " + report.subject());
        facts(out, report);
        extensions(out, report);
        bootEntries(out, report);
        sections(out, report);
        for (Report.Listing listing : report.listings()) {
            files(out, listing, to);
        }
        report.notes().forEach(note -> line(out, "\nnote: " + note));
        to.accept(out.toString());
    }

    private static void facts(StringBuilder out, Report report) {
        List<List<String>> rows = new ArrayList<>();
        row(rows, "digest", report.digest().toString());
        row(rows, "size", "%s (%d bytes)".formatted(ByteSize.of(report.size()), report.size()));
        row(rows, "Talos", report.identity().talosVersion());
        row(rows, "platform", report.identity().platform());
        row(rows, "architecture", report.identity().architecture());
        row(rows, "kernel", report.identity().kernelVersion());
        for (Map.Entry<String, String> detail : report.details().entrySet()) {
            row(rows, detail.getKey(), detail.getValue());
        }
        table(out, rows);
        if (!report.commandLines().isEmpty()) {
            line(out, "\nkernel command lines");
            table(
                    out,
                    report.commandLines().stream()
                            .map(line -> List.of(line.of(), line.line()))
                            .toList());
        }
    }

    private static void row(List<List<String>> rows, String name, @Nullable String value) {
        if (value != null) {
            rows.add(List.of(name, value));
        }
    }

    private static void extensions(StringBuilder out, Report report) {
        boolean none = report.extensions().isEmpty();
        if (none
                && (report.kind() == Kind.INSTALLER || report.kind() == Kind.ISO)
                && report.notes().isEmpty()) {
            line(out, "\nno extensions");
        }
        if (none) {
            return;
        }
        line(out, "\nextensions");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "version", "author", "size", "digest"));
        for (ExtensionFacts extension : report.extensions()) {
            rows.add(List.of(
                    extension.name(),
                    extension.version(),
                    extension.author(),
                    ByteSize.of(extension.size()),
                    extension.digest().toString()));
        }
        table(out, rows);
        services(
                out,
                report.extensions().stream()
                        .map(ExtensionFacts::services)
                        .filter(Objects::nonNull)
                        .flatMap(List::stream)
                        .toList());
    }

    private static void services(StringBuilder out, List<ServiceFacts> services) {
        if (services.isEmpty()) {
            return;
        }
        line(out, "\nservices");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "entrypoint", "restart", "waits for"));
        for (ServiceFacts service : services) {
            rows.add(List.of(
                    known(service.name()),
                    known(service.entrypoint()),
                    known(service.restart()),
                    service.depends().isEmpty() ? "-" : String.join("; ", service.depends())));
        }
        table(out, rows);
    }

    private static String known(@Nullable String value) {
        return value == null ? "-" : value;
    }

    private static void bootEntries(StringBuilder out, Report report) {
        if (!report.bootEntries().isEmpty()) {
            line(out, "\nboot entries");
            table(
                    out,
                    report.bootEntries().stream()
                            .map(entry -> List.of(entry.firmware(), entry.by(), entry.name(), entry.starts()))
                            .toList());
        }
    }

    private static void sections(StringBuilder out, Report report) {
        if (!report.sections().isEmpty()) {
            line(out, "\nsections");
            table(
                    out,
                    report.sections().stream()
                            .map(section -> List.of(
                                    section.name(),
                                    ByteSize.of(section.size()),
                                    section.digest().toString()))
                            .toList());
        }
    }

    private static void files(StringBuilder out, Report.Listing listing, Consumer<String> to) {
        line(out, "\nfiles of %s (%d)".formatted(listing.of(), listing.files().size()));
        int[] widths = new int[FILE_COLUMNS];
        listing.files().forEach(file -> widen(widths, row(file)));
        for (FileFacts file : listing.files()) {
            line(out, row(row(file), widths));
            if (out.length() > PART) {
                to.accept(out.toString());
                out.setLength(0);
            }
        }
    }

    private static List<String> row(FileFacts file) {
        return List.of(
                file.type(),
                String.format(Locale.ROOT, "%04o", file.mode()),
                file.uid() + ":" + file.gid(),
                Long.toString(file.size()),
                file.digest() == null ? "-" : file.digest().toString(),
                file.target() == null ? file.path() : file.path() + " -> " + file.target());
    }

    public static String render(Report first, Report second, List<Difference> differences) {
        if (differences.isEmpty()) {
            return "no differences\n";
        }
        StringBuilder out = new StringBuilder();
        line(out, "- %s  %s".formatted(first.kind().words(), first.subject()));
        line(out, "+ %s  %s".formatted(second.kind().words(), second.subject()));
        for (Difference difference : differences) {
            String text = difference.text().isEmpty() ? "" : ": " + difference.text();
            line(out, "  %s %s%s".formatted(difference.change().sign(), difference.what(), text));
        }
        return out.toString();
    }

    public static String render(List<Proof> proofs) {
        StringBuilder out = new StringBuilder();
        for (Proof proof : proofs) {
            List<String> how = proof.how().lines().toList();
            String first = how.isEmpty() ? "" : how.getFirst();
            line(out, "%-7s  %s: %s".formatted(proof.outcome().word(), proof.what(), first));
            how.stream().skip(1).forEach(more -> line(out, " ".repeat(11) + more));
        }
        long failed = proofs.stream()
                .filter(proof -> proof.outcome() == Proof.Outcome.FAILED)
                .count();
        line(out, failed == 0 ? "all proven" : "%d of %d failed".formatted(failed, proofs.size()));
        return out.toString();
    }

    /** Indented, with aligned columns, and no spaces after the last. */
    private static void table(StringBuilder out, List<List<String>> rows) {
        int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
        int[] widths = new int[columns];
        rows.forEach(row -> widen(widths, row));
        rows.forEach(row -> line(out, row(row, widths)));
    }

    private static void widen(int[] widths, List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], PlainText.line(row.get(i)).length());
        }
    }

    private static String row(List<String> row, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = PlainText.line(row.get(i));
            text.append("  ").append(cell).append(" ".repeat(widths[i] - cell.length()));
        }
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder out, String text) {
        int begin = text.startsWith("\n") ? 1 : 0;
        out.append("\n".repeat(begin))
                .append(PlainText.line(text.substring(begin)))
                .append('\n');
    }
}
