package dev.talosforge.inspect;

import dev.talosforge.inspect.Report.BootEntry;
import dev.talosforge.inspect.Report.CommandLine;
import dev.talosforge.inspect.Report.ExtensionFacts;
import dev.talosforge.inspect.Report.FileFacts;
import dev.talosforge.inspect.Report.Listing;
import dev.talosforge.inspect.Report.Section;
import dev.talosforge.inspect.Report.ServiceFacts;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A report as JSON. {@code docs/cli.md} describes the members, which do not change within a format. */
public final class ReportJson {
    /** Raised when a member changes its meaning or is removed. */
    public static final int FORMAT = 1;

    private ReportJson() {}

    /** All members are always present; unknown values are null. */
    public static JsonObject of(Report report) {
        return Json.object()
                .put("format", FORMAT)
                .put("subject", report.subject())
                .put("kind", report.kind().id())
                .put("digest", report.digest().toString())
                .put("size", report.size())
                .put("talos_version", report.identity().talosVersion())
                .put("platform", report.identity().platform())
                .put("architecture", report.identity().architecture())
                .put("kernel_version", report.identity().kernelVersion())
                .put("details", Json.ofMap(report.details()))
                .put("command_lines", Json.array(report.commandLines(), ReportJson::commandLine))
                .put("extensions", Json.array(report.extensions(), ReportJson::extension))
                .put("sections", Json.array(report.sections(), ReportJson::section))
                .put("boot_entries", Json.array(report.bootEntries(), ReportJson::bootEntry))
                .put("files", Json.array(report.listings(), ReportJson::listing))
                .put("notes", Json.ofTexts(report.notes()))
                .build();
    }

    private static Json commandLine(CommandLine line) {
        return Json.object().put("part", line.of()).put("text", line.line()).build();
    }

    private static Json extension(ExtensionFacts extension) {
        return Json.object()
                .put("file", extension.file())
                .put("name", extension.name())
                .put("version", extension.version())
                .put("author", extension.author())
                .put("description", extension.description())
                .put("talos_versions", extension.talosVersions())
                .put("size", extension.size())
                .put("digest", extension.digest().toString())
                .put("services", services(extension.services()))
                .build();
    }

    private static Json services(@Nullable List<ServiceFacts> services) {
        return services == null ? Json.ofNull() : Json.array(services, ReportJson::service);
    }

    private static Json service(ServiceFacts service) {
        return Json.object()
                .put("name", service.name())
                .put("entrypoint", service.entrypoint())
                .put("depends", Json.ofTexts(service.depends()))
                .put("restart", service.restart())
                .put("file", service.file())
                .build();
    }

    private static Json section(Section section) {
        return Json.object()
                .put("name", section.name())
                .put("size", section.size())
                .put("digest", section.digest().toString())
                .put("text", section.text())
                .build();
    }

    private static Json bootEntry(BootEntry entry) {
        return Json.object()
                .put("firmware", entry.firmware())
                .put("loader", entry.by())
                .put("name", entry.name())
                .put("target", entry.starts())
                .build();
    }

    private static Json listing(Listing listing) {
        return Json.object()
                .put("part", listing.of())
                .put("entries", Json.lazy(listing.files(), ReportJson::file))
                .build();
    }

    private static Json file(FileFacts file) {
        return Json.object()
                .put("path", file.path())
                .put("type", file.type())
                .put("mode", "%04o".formatted(file.mode()))
                .put("uid", file.uid())
                .put("gid", file.gid())
                .put("size", file.size())
                .put("digest", file.digest() == null ? null : file.digest().toString())
                .put("target", file.target())
                .build();
    }
}
