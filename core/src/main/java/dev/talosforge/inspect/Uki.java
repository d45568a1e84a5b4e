package dev.talosforge.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.PeSection;
import dev.talosforge.inspect.Report.CommandLine;
import dev.talosforge.inspect.Report.Section;
import dev.talosforge.talos.kernel.HandedOver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A unified kernel image. Sections before the first {@code .profile} belong to every profile; those after a
 * {@code .profile} belong to that profile and replace the common ones there.
 */
record Uki(PeImage image) {
    private static final Set<String> TEXTS = Set.of(".osrel", ".cmdline", ".uname", ".profile", ".sbat");
    private static final int MAX_TEXT = 1 << 16;

    /** Whether a PE file is a unified kernel image. */
    static boolean is(PeImage image) {
        return image.section(".linux") != null;
    }

    /** The content of a section, or null if there is no section of that name. */
    @Nullable
    ByteSource content(String name) {
        PeSection section = image.section(name);
        return section == null ? null : image.content(section);
    }

    /** The text of a section, without trailing zeros and line ends; null if there is none. */
    @Nullable
    String text(String name) throws IOException {
        PeSection section = image.section(name);
        return section == null ? null : text(section);
    }

    private @Nullable String text(PeSection section) throws IOException {
        if (!TEXTS.contains(section.name()) || section.contentSize() > MAX_TEXT) {
            return null;
        }
        byte[] bytes = image.content(section).readAll(section.name(), MAX_TEXT);
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            int end = text.length();
            while (end > 0 && "\0\r\n".indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            }
            return text.substring(0, end);
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    List<Section> sections(Digests digests) throws IOException {
        List<Section> sections = new ArrayList<>();
        for (PeSection section : image.sections()) {
            sections.add(new Section(
                    section.name(), section.contentSize(), digests.of(image.content(section)), text(section)));
        }
        return sections;
    }

    /** The command line if no profile is selected; null if there is none. */
    @Nullable
    String commandLine() throws IOException {
        List<CommandLine> lines = commandLines();
        return lines.isEmpty() ? null : lines.getFirst().line();
    }

    /** The command lines: first the line for all profiles, then the lines of individual profiles. */
    List<CommandLine> commandLines() throws IOException {
        List<CommandLine> lines = new ArrayList<>();
        String of = "UKI";
        for (PeSection section : image.sections()) {
            String text = text(section);
            if (text != null && section.name().equals(".profile")) {
                of = "UKI profile " + member(text, "ID");
            } else if (text != null && section.name().equals(".cmdline")) {
                lines.add(new CommandLine(of, HandedOver.byStub(text)));
            }
        }
        return lines;
    }

    /** Titles of the profiles that a boot menu shows in addition to the image itself. */
    List<String> profiles() throws IOException {
        List<String> profiles = new ArrayList<>();
        for (PeSection section : image.sections()) {
            String text = section.name().equals(".profile") ? text(section) : null;
            if (text != null && !member(text, "TITLE").isEmpty()) {
                profiles.add(member(text, "TITLE"));
            }
        }
        return profiles;
    }

    private static String member(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
