package dev.talosforge.lab.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.json.Json;
import dev.talosforge.lab.BootMedium;
import dev.talosforge.lab.BootReport;
import dev.talosforge.lab.CloudInitDrive;
import dev.talosforge.lab.Hardware;
import dev.talosforge.lab.QemuBoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "boot",
        mixinStandardHelpOptions = true,
        description = {
            "Boots an ISO in QEMU, on an isolated network, and reports what started.",
            "Waits for the messages of the lab's stand-in base on the serial console; a real Talos prints others."
        },
        footer = {"", "Example:", "  talos-forge boot --uefi build/talos-iso/talos-v1.11.5-nocloud-amd64.iso"})
final class BootCommand extends ForgeCommand {
    private static final int MEMORY_MEGABYTES = 2048;

    @Parameters(paramLabel = "FILE", description = "An ISO.")
    Path file = Path.of("");

    @Option(names = "--bios", description = "Boot by BIOS; the default.")
    boolean bios;

    @Option(names = "--uefi", description = "Boot by UEFI.")
    boolean uefi;

    @Option(names = "--disk", description = "Attach the file as a disk, as if it had been written to a USB stick.")
    boolean disk;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait; default: 180.")
    int timeout = 180;

    @Option(
            names = "--log",
            paramLabel = "DIR",
            description = "Where to write serial.log; default: boot-bios or boot-uefi beside the ISO.")
    @Nullable
    Path log;

    @Option(
            names = "--user-data",
            paramLabel = "FILE",
            description = "A machine configuration; the stand-in uses its ExtensionServiceConfig documents.")
    @Nullable
    Path userData;

    @Option(
            names = "--network-config",
            paramLabel = "FILE",
            description = "Addresses and routes, in cloud-init's format; default: DHCP.")
    @Nullable
    Path networkConfig;

    BootCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        Path image = session.directory().resolve(file);
        if (!Files.isRegularFile(image)) {
            throw BadOption.invalid("cannot boot " + image, "there is no such file");
        }
        if (bios && uefi) {
            throw BadOption.invalid("cannot boot " + image, "--bios and --uefi need separate runs");
        }
        BootMedium.Firmware firmware = uefi ? BootMedium.Firmware.UEFI : BootMedium.Firmware.BIOS;
        BootMedium medium = disk ? new BootMedium.Disk(image, firmware) : new BootMedium.Iso(image, firmware);
        Path folder =
                log == null ? image.resolveSibling("boot-" + firmware.name().toLowerCase(Locale.ROOT)) : log;
        QemuBoot qemu = new QemuBoot(folder, InstantSource.system(), hardware(session, folder));
        session.events().started("boot", medium.title());
        BootReport report = qemu.boot(medium, Duration.ofSeconds(timeout));
        session.events().finished("boot", medium.title(), "serial log: " + qemu.serialLog(), false);
        session.print(session.json() ? json(report).compact() : text(report));
        return 0;
    }

    /** A machine whose second CD drive contains the given configuration. */
    private Hardware hardware(Session session, Path folder) throws IOException {
        Hardware hardware = Hardware.of(MEMORY_MEGABYTES);
        if (userData == null && networkConfig == null) {
            return hardware;
        }
        Files.createDirectories(folder);
        Path drive = folder.resolve("cidata.iso");
        new CloudInitDrive(
                        ByteSource.of("local-hostname: talos-forge-lab\n".getBytes(UTF_8)),
                        given(session, "--user-data", userData),
                        given(session, "--network-config", networkConfig))
                .write(drive);
        return hardware.withDrive(drive);
    }

    private static @Nullable ByteSource given(Session session, String option, @Nullable Path file) throws IOException {
        if (file == null) {
            return null;
        }
        Path path = session.directory().resolve(file);
        if (!Files.isRegularFile(path)) {
            throw BadOption.invalid("cannot use " + path + " for " + option, "there is no such file");
        }
        return ByteSource.of(path);
    }

    private static String text(BootReport report) {
        StringBuilder out = new StringBuilder();
        out.append("command line  ").append(report.kernelArguments()).append('\n');
        for (BootReport.Extension extension : report.extensions()) {
            out.append("extension     ")
                    .append(extension.name())
                    .append(' ')
                    .append(extension.version())
                    .append('\n');
        }
        report.running()
                .forEach(service -> out.append("running       ").append(service).append('\n'));
        for (BootReport.Waiting waiting : report.waiting()) {
            out.append("waiting       ")
                    .append(waiting.service())
                    .append(": ")
                    .append(waiting.what())
                    .append('\n');
        }
        for (BootReport.Answer answer : report.answers()) {
            out.append("answers       ")
                    .append(answer.program())
                    .append(": ")
                    .append(answer.line())
                    .append('\n');
        }
        return out.append(String.format(Locale.ROOT, "ready after %.1f s", report.milliseconds() / 1000.0))
                .toString();
    }

    static Json json(BootReport report) {
        return Json.object()
                .put("command_line", report.kernelArguments())
                .put(
                        "extensions",
                        Json.array(
                                report.extensions(),
                                extension -> Json.object()
                                        .put("name", extension.name())
                                        .put("version", extension.version())
                                        .build()))
                .put("running", Json.ofTexts(report.running()))
                .put(
                        "waiting",
                        Json.array(
                                report.waiting(),
                                waiting -> Json.object()
                                        .put("service", waiting.service())
                                        .put("waits_for", waiting.what())
                                        .build()))
                .put(
                        "answers",
                        Json.array(
                                report.answers(),
                                answer -> Json.object()
                                        .put("program", answer.program())
                                        .put("text", answer.line())
                                        .build()))
                .put("milliseconds", report.milliseconds())
                .build();
    }
}
