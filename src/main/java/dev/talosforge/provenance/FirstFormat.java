package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Records of the first format, which had no number and kept what a plan said: titles and values. The texts here are those of
 * then, and change no more, whatever a plan says now.
 *
 * <pre>
 *   {"stage": "system extension", "parts": {"extension": "frr v1.0.18", "package frr": "8.4.4-1", …}, "publication": {…}}
 * </pre>
 *
 * <p>Parts of one title stood there as one, their values one behind the other. What cannot be taken apart is {@link
 * Part.Unknown}.
 */
final class FirstFormat {
    private static final String BUILD = "build: ";
    private static final String DIGEST = "sha256:[0-9a-f]{64}";
    private static final String OF_ARCHITECTURE = "(?:([a-z0-9]+) )?(" + DIGEST + ")";
    private static final String DIGESTS = "((?:[a-z0-9]+ )?" + DIGEST + "(?:, (?:[a-z0-9]+ )?" + DIGEST + ")*)";
    private static final Pattern ARCHITECTURE_DIGEST = Pattern.compile(OF_ARCHITECTURE);
    private static final Pattern ARCHIVE = Pattern.compile(DIGESTS + "(?:, strip ([0-9]{1,9}))?");
    private static final Pattern DOWNLOAD = Pattern.compile(DIGESTS + ", (.*), mode ([0-7]{4,6})");
    private static final Pattern FILE = Pattern.compile("(" + DIGEST + ")(, runnable)?(?:, |$)");
    private static final Pattern SERVICE = Pattern.compile("(.*), (" + DIGEST + ")");
    private static final Pattern IDENTIFICATION = Pattern.compile("([^ ]+) (.*)");
    private static final Pattern TAGGED = Pattern.compile("(?:([^@ ]+)@)?(" + DIGEST + ")");
    private static final Pattern NOT_PUSHED = Pattern.compile("(.*) \\(not pushed\\)");
    private static final Pattern TO_BE_WRITTEN = Pattern.compile("(.*) \\(to be written\\)");
    private static final Pattern REVISION = Pattern.compile("revision ([0-9]{1,9})");

    /** Titles that have a name behind them, and in builds one before. */
    private static final Pattern OF_SOURCE = Pattern.compile("(build: )?"
            + "(order of sources$|Debian packages$|placement of |source image |dir |file |archive |download )(.*)");

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
            case "imager" -> base(Part.BaseImage.Role.IMAGER, null, value);
            case "base installer" -> base(Part.BaseImage.Role.INSTALLER, null, value);
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
            case BUILD + "tools" -> new Part.BuildTools(list(value));
            default -> null;
        };
    }

    private List<Part> ofPrefix(String title, String value) {
        String name = after(title, "custom extension ");
        if (name != null) {
            return extensions(true, name, value);
        }
        if ((name = after(title, "extension ")) != null) {
            return extensions(false, name, value);
        }
        if ((name = after(title, "image for ")) != null) {
            return variants(name, value);
        }
        if ((name = after(title, "base installer, ")) != null) {
            Architecture only = Architecture.of(name);
            Part base = only == null ? null : base(Part.BaseImage.Role.INSTALLER, only, value);
            return base == null ? List.of() : List.of(base);
        }
        if ((name = after(title, "kernel argument ")) != null) {
            Part argument = new Part.KernelArgument(name);
            return list(value).stream().map(_ -> argument).toList();
        }
        if ((name = after(title, "kernel command line, ")) != null) {
            return labelled(name, "installer", "ISO", value);
        }
        if ((name = after(title, "ISO ")) != null) {
            Architecture on = Architecture.of(name);
            return on == null ? List.of() : List.of(new Part.IsoFile(on, value));
        }
        if ((name = after(title, "output ")) != null) {
            return List.of(new Part.Output(name, value.isEmpty() ? null : value));
        }
        if ((name = after(title, "package ")) != null) {
            String build = after(name, "for builds, ");
            List<Part.DebianPackage.Release> releases = list(value).stream()
                    .map(version -> new Part.DebianPackage.Release(version, null, null))
                    .toList();
            return List.of(new Part.DebianPackage(build != null, build == null ? name : build, releases));
        }
        if ((name = after(title, "source file ")) != null) {
            return sourceFiles(name, value);
        }
        Matcher source = OF_SOURCE.matcher(title);
        return source.matches()
                ? ofSource(source.group(1) != null, source.group(2).strip(), source.group(3), value)
                : ofBuild(title, value);
    }

    private static List<Part> ofSource(boolean inBuild, String kind, String name, String value) {
        return switch (kind) {
            case "order of sources" -> List.of(new Part.SourceOrder(inBuild, list(value)));
            case "Debian packages" -> List.of(new Part.DebianPackages(inBuild, list(value)));
            case "placement of" -> List.of(new Part.Placing(inBuild, name, value));
            case "source image" -> List.of(new Part.SourceImage(inBuild, name, images(name, value)));
            case "dir" ->
                digests(value).stream()
                        .<Part>map(digest -> new Part.Folder(inBuild, name, digest))
                        .toList();
            case "file" ->
                digests(value).stream()
                        .<Part>map(digest -> new Part.TextFile(inBuild, name, digest))
                        .toList();
            case "archive" -> {
                Matcher archive = ARCHIVE.matcher(value);
                yield archive.matches()
                        ? List.of(new Part.Archive(
                                inBuild,
                                name,
                                byArchitecture(archive.group(1)),
                                archive.group(2) == null ? 0 : Integer.parseInt(archive.group(2))))
                        : List.of();
            }
            default -> {
                Matcher file = DOWNLOAD.matcher(value);
                yield file.matches()
                        ? List.of(new Part.Download(
                                inBuild,
                                name,
                                byArchitecture(file.group(1)),
                                file.group(2),
                                Integer.parseInt(file.group(3), 8)))
                        : List.of();
            }
        };
    }

    private static List<Part> ofBuild(String title, String value) {
        String patch = after(title, BUILD + "patch ");
        String variable = after(title, BUILD + "variable ");
        if (title.equals(BUILD + "command")) {
            return digests(value).stream().<Part>map(Part.BuildCommand::new).toList();
        }
        if (patch != null) {
            return digests(value).stream()
                    .<Part>map(digest -> new Part.BuildPatch(patch, digest))
                    .toList();
        }
        return variable == null ? List.of() : List.of(new Part.BuildVariable(variable, value));
    }

    /** The text behind a prefix; null for a title without it. */
    private static @Nullable String after(String title, String prefix) {
        return title.startsWith(prefix) ? title.substring(prefix.length()) : null;
    }

    private static List<String> list(String value) {
        return value.isEmpty() ? List.of() : List.of(value.split(", ", -1));
    }

    private static List<Sha256> digests(String value) {
        return list(value).stream().map(Sha256::parse).toList();
    }

    /** An architecture that stands twice would be of two files of one name. */
    private static SortedMap<String, Sha256> byArchitecture(String value) {
        SortedMap<String, Sha256> digests = new TreeMap<>();
        for (String one : list(value)) {
            Matcher digest = ARCHITECTURE_DIGEST.matcher(one);
            if (!digest.matches()
                    || digests.put(digest.group(1) == null ? "" : digest.group(1), Sha256.parse(digest.group(2)))
                            != null) {
                throw new IllegalArgumentException(value);
            }
        }
        return digests;
    }

    private static @Nullable Part architectures(String value) {
        List<Architecture> all = new ArrayList<>();
        for (String label : list(value)) {
            Architecture architecture = Architecture.of(label);
            if (architecture == null) {
                return null;
            }
            all.add(architecture);
        }
        return new Part.Architectures(all);
    }

    private static ImagePlace place(String text) {
        return ImagePlace.parse(text, Path.of("/"));
    }

    private static Part base(Part.BaseImage.Role role, @Nullable Architecture only, String value) {
        ImagePlace place = place(value);
        return new Part.BaseImage(role, only, new PinnedImage(place, place.digest()));
    }

    private static Part target(Part.Target.Kind kind, String value) {
        Matcher kept = NOT_PUSHED.matcher(value);
        return kept.matches()
                ? new Part.Target(kind, place(kept.group(1)), false)
                : new Part.Target(kind, place(value), true);
    }

    private static List<PinnedImage> images(String name, String value) {
        List<PinnedImage> images = new ArrayList<>();
        for (String one : list(value)) {
            Matcher tagged = TAGGED.matcher(one);
            if (!tagged.matches()) {
                throw new IllegalArgumentException(value);
            }
            ImagePlace place = place(tagged.group(1) == null ? name : name + ":" + tagged.group(1));
            Sha256 digest = Sha256.parse(tagged.group(2));
            images.add(new PinnedImage(place.pinned(digest), digest));
        }
        return images;
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

    private static List<Part> labelled(String title, String installer, String iso, String value) {
        OutputKind of = title.startsWith(installer) ? OutputKind.INSTALLER : OutputKind.ISO;
        String rest = after(title, of == OutputKind.INSTALLER ? installer : iso);
        Architecture on = rest == null ? null : Architecture.of(rest.strip());
        return rest == null || (on == null && !rest.isEmpty())
                ? List.of()
                : List.of(new Part.CommandLine(of, on, value));
    }

    /** A folder may have slashes in its name: it is the longest that was recorded itself. */
    private List<Part> sourceFiles(String title, String value) {
        String build = after(title, BUILD);
        String path = build == null ? title : build;
        String prefix = (build == null ? "" : BUILD) + "dir ";
        String folder = null;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (texts.containsKey(prefix + path.substring(0, slash))) {
                folder = path.substring(0, slash);
            }
        }
        if (folder == null) {
            return List.of();
        }
        String file = path.substring(folder.length() + 1);
        List<Part> files = new ArrayList<>();
        if (value.startsWith("-> ")) {
            files.add(new Part.SourceFile(build != null, folder, file, null, value.substring(3), false));
        } else if (value.equals("no file")) {
            files.add(new Part.SourceFile(build != null, folder, file, null, null, false));
        } else {
            Matcher content = FILE.matcher(value);
            int end = 0;
            while (content.lookingAt()) {
                files.add(new Part.SourceFile(
                        build != null, folder, file, Sha256.parse(content.group(1)), null, content.group(2) != null));
                end = content.end();
                content.region(end, value.length());
            }
            if (end < value.length()) {
                return List.of();
            }
        }
        return files;
    }
}
