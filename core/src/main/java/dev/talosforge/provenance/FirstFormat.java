package dev.talosforge.provenance;

import static dev.talosforge.provenance.FirstFormatValues.DIGEST;
import static dev.talosforge.provenance.FirstFormatValues.after;
import static dev.talosforge.provenance.FirstFormatValues.architectures;
import static dev.talosforge.provenance.FirstFormatValues.images;
import static dev.talosforge.provenance.FirstFormatValues.list;
import static dev.talosforge.provenance.FirstFormatValues.target;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Records of the first format, which had no number and kept what a plan said: titles and values. The texts here are
 * those of then, and change no more, whatever a plan says now.
 *
 * <pre>
 *   {"stage": "system extension", "parts": {"extension": "frr v1.0.18", "package frr": "8.4.4-1", …}, "publication": {…}}
 * </pre>
 *
 * <p>Parts of one title stood there as one, their values one behind the other. What cannot be taken apart is {@link
 * Part.Unknown}.
 */
final class FirstFormat {
    private static final Pattern SERVICE = Pattern.compile("(.*), (" + DIGEST + ")");
    private static final Pattern IDENTIFICATION = Pattern.compile("([^ ]+) (.*)");
    private static final Pattern TO_BE_WRITTEN = Pattern.compile("(.*) \\(to be written\\)");
    private static final Pattern REVISION = Pattern.compile("revision ([0-9]{1,9})");

    /** What is behind the words of a title, and what that was. */
    private record Prefixed(String words, Reader reader) {}

    private interface Reader {
        /** Empty for what is not understood. */
        List<Part> read(String name, String value);
    }

    /** The first that fits counts. */
    private static final List<Prefixed> PREFIXED = List.of(
            new Prefixed("custom extension ", (name, value) -> extensions(true, name, value)),
            new Prefixed("extension ", (name, value) -> extensions(false, name, value)),
            new Prefixed("image for ", FirstFormat::variants),
            new Prefixed("base installer, ", FirstFormat::base),
            new Prefixed("kernel argument ", FirstFormat::arguments),
            new Prefixed(
                    "kernel command line, installer",
                    (label, value) -> commandLine(OutputKind.INSTALLER, label, value)),
            new Prefixed("kernel command line, ISO", (label, value) -> commandLine(OutputKind.ISO, label, value)),
            new Prefixed("ISO ", FirstFormat::iso),
            new Prefixed("output ", (name, value) -> List.of(new Part.Output(name, value.isEmpty() ? null : value))),
            new Prefixed("package for builds, ", (name, value) -> packages(true, name, value)),
            new Prefixed("package ", (name, value) -> packages(false, name, value)));

    private final SequencedMap<String, String> texts = new LinkedHashMap<>();
    private final List<Part> parts = new ArrayList<>();

    private FirstFormat(@Nullable JsonObject texts) {
        if (texts != null) {
            texts.members().forEach((title, value) -> {
                if (value instanceof JsonText(String text)) {
                    this.texts.put(named(title), text);
                }
            });
        }
    }

    /** @param texts values by title; null where the record has none */
    static List<Part> parts(@Nullable JsonObject texts) {
        FirstFormat record = new FirstFormat(texts);
        record.texts.forEach(record::read);
        return List.copyOf(record.parts);
    }

    /** What it was of; null for none of ours. */
    static @Nullable StageKind stage(@Nullable String title) {
        return switch (title) {
            case "system extension" -> StageKind.EXTENSION;
            case "installer image and boot ISO" -> StageKind.IMAGES;
            case "boot ISO to Proxmox storage" -> StageKind.UPLOAD;
            case null, default -> null;
        };
    }

    /** The one folder that an extension had at first was called rootfs, whatever its name. */
    private static String named(String recorded) {
        return recorded.startsWith("rootfs file ")
                ? "source file rootfs/" + recorded.substring("rootfs file ".length())
                : recorded.equals("rootfs") ? "dir rootfs" : recorded;
    }

    private void read(String title, String value) {
        List<Part> found;
        try {
            found = of(title, value);
        } catch (IllegalArgumentException e) {
            found = List.of(); // no digest, no reference
        }
        parts.addAll(found.isEmpty() ? List.of(new Part.Unknown(title, value)) : found);
    }

    /** Empty for what is not understood. */
    private List<Part> of(String title, String value) {
        Part whole = whole(title, value);
        return whole != null ? List.of(whole) : ofPrefix(title, value);
    }

    /** Of a title that says all. */
    private @Nullable Part whole(String title, String value) {
        return switch (title) {
            case "Talos version" -> {
                TalosVersion version = TalosVersion.parse(value);
                yield version == null ? null : new Part.TalosRelease(version);
            }
            case "architectures" -> architectures(value);
            case "imager" -> FirstFormatValues.base(Part.BaseImage.Role.IMAGER, null, value);
            case "base installer" -> FirstFormatValues.base(Part.BaseImage.Role.INSTALLER, null, value);
            case "order of extensions" -> new Part.ExtensionOrder(list(value));
            case "stage code" -> {
                Matcher revision = REVISION.matcher(value);
                yield revision.matches() ? new Part.StageRevision(Integer.parseInt(revision.group(1))) : null;
            }
            case "installer" -> target(Part.Target.Kind.INSTALLER, value);
            case "image" -> target(Part.Target.Kind.EXTENSION, value);
            case "ISO" -> new Part.IsoFile(null, value);
            case "content" -> new Part.Content(value.equals("not built yet") ? null : Sha256.parse(value));
            case "volume" -> new Part.Volume(value);
            case "nodes" -> new Part.Nodes(list(value));
            case "author" -> new Part.Setting(Part.Setting.Name.AUTHOR, value);
            case "description" -> new Part.Setting(Part.Setting.Name.DESCRIPTION, value);
            case "compatibility" -> new Part.Setting(Part.Setting.Name.COMPATIBILITY, value);
            case "container" -> new Part.Setting(Part.Setting.Name.CONTAINER, value);
            case "squashfs" -> new Part.Setting(Part.Setting.Name.SQUASHFS, value);
            case "SOURCE_DATE_EPOCH" -> new Part.SourceDate(value.isEmpty() ? null : Long.valueOf(value));
            case "extension" -> {
                Matcher both = IDENTIFICATION.matcher(value);
                yield both.matches() ? new Part.Identification(both.group(1), both.group(2)) : null;
            }
            case "service" -> {
                Matcher service = SERVICE.matcher(value);
                yield service.matches() ? new Part.Service(service.group(1), Sha256.parse(service.group(2))) : null;
            }
            case "lock" -> {
                Matcher missing = TO_BE_WRITTEN.matcher(value);
                yield missing.matches()
                        ? new Part.PackageLock(missing.group(1), false)
                        : new Part.PackageLock(value, true);
            }
            case "arrangement of sources" -> new Part.Arrangement(Sha256.parse(value));
            case "build: tools" -> new Part.BuildTools(list(value));
            default -> null;
        };
    }

    /** Of a title with a name behind its words. */
    private List<Part> ofPrefix(String title, String value) {
        for (Prefixed kind : PREFIXED) {
            String name = after(title, kind.words);
            if (name != null) {
                return kind.reader.read(name, value);
            }
        }
        return FirstFormatSources.of(title, value, texts.keySet());
    }

    private static List<Part> extensions(boolean custom, String name, String value) {
        return images(name, value).stream()
                .<Part>map(image -> new Part.Extension(custom, image))
                .toList();
    }

    private static List<Part> variants(String title, String value) {
        int comma = title.indexOf(", ");
        Architecture only = comma < 0 ? null : Architecture.of(title.substring(0, comma));
        return only == null
                ? List.of()
                : images(title.substring(comma + 2), value).stream()
                        .<Part>map(image -> new Part.ExtensionVariant(only, image))
                        .toList();
    }

    private static List<Part> base(String label, String value) {
        Architecture only = Architecture.of(label);
        return only == null ? List.of() : List.of(FirstFormatValues.base(Part.BaseImage.Role.INSTALLER, only, value));
    }

    private static List<Part> arguments(String text, String value) {
        Part argument = new Part.KernelArgument(text);
        return list(value).stream().map(_ -> argument).toList();
    }

    private static List<Part> commandLine(OutputKind of, String label, String value) {
        Architecture on = Architecture.of(label.strip());
        return on == null && !label.isEmpty() ? List.of() : List.of(new Part.CommandLine(of, on, value));
    }

    private static List<Part> iso(String label, String value) {
        Architecture on = Architecture.of(label);
        return on == null ? List.of() : List.of(new Part.IsoFile(on, value));
    }

    private static List<Part> packages(boolean forBuilds, String name, String value) {
        List<Part.DebianPackage.Release> releases = list(value).stream()
                .map(version -> new Part.DebianPackage.Release(version, null, null))
                .toList();
        return List.of(new Part.DebianPackage(forBuilds, name, releases));
    }
}
