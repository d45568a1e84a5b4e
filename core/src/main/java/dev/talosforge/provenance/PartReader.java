package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonBool;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link PartWriter} wrote. An invalid part is an {@link IllegalArgumentException}: if it were left out, a
 * plan would not compare it and {@code verify} would not prove it.
 */
final class PartReader {
    private final String kind;
    private final JsonObject json;

    private PartReader(String kind, JsonObject json) {
        this.kind = kind;
        this.json = json;
    }

    static List<Part> parts(List<Json> items) throws NewerRecordException {
        List<Part> parts = new ArrayList<>();
        for (Json item : items) {
            if (!(item instanceof JsonObject object) || object.text("part") == null) {
                throw new IllegalArgumentException("it has a part that is not an object");
            }
            parts.add(new PartReader(String.valueOf(object.text("part")), object).part());
        }
        return parts;
    }

    private Part part() throws NewerRecordException {
        return switch (kind) {
            case "talos_release" -> new Part.TalosRelease(known("version", TalosVersion.parse(text("version"))));
            case "architectures" -> {
                List<Architecture> all = new ArrayList<>();
                for (String label : texts("names")) {
                    all.add(known("names", Architecture.of(label)));
                }
                yield new Part.Architectures(all);
            }
            case "base_image" -> new Part.BaseImage(one("role", Part.BaseImage.Role.values()), on(), image(json));
            case "extension" -> new Part.Extension(flag("custom"), image(json));
            case "extension_variant" -> new Part.ExtensionVariant(known("architecture", on()), image(json));
            case "extension_order" -> new Part.ExtensionOrder(texts("names"));
            case "kernel_argument" -> new Part.KernelArgument(text("text"));
            case "command_line" -> new Part.CommandLine(one("of", OutputKind.values()), on(), text("line"));
            case "stage_revision" -> new Part.StageRevision(number("number"));
            case "target" ->
                new Part.Target(one("kind", Part.Target.Kind.values()), place(text("place")), flag("pushed"));
            case "iso_file" -> new Part.IsoFile(on(), text("path"));
            case "content" -> new Part.Content(maybeDigest(json));
            case "volume" -> new Part.Volume(text("id"));
            case "nodes" -> new Part.Nodes(texts("names"));
            case "output" -> new Part.Output(text("name"), json.text("value"));
            case "setting" -> new Part.Setting(one("name", Part.Setting.Name.values()), text("value"));
            case "source_date" ->
                new Part.SourceDate(json.get("seconds") == null ? null : known("seconds", json.whole("seconds")));
            case "identification" -> new Part.Identification(text("name"), text("version"));
            case "service" -> new Part.Service(text("name"), digest());
            case "package_lock" -> new Part.PackageLock(text("path"), flag("written"));
            case "debian_package" -> new Part.DebianPackage(flag("for_builds"), text("name"), releases());
            case "arrangement" -> new Part.Arrangement(digest());
            case "unknown" -> new Part.Unknown(text("title"), text("value"));
            case "build_tools" -> new Part.BuildTools(texts("packages"));
            case "build_command" -> new Part.BuildCommand(digest());
            case "build_patch" -> new Part.BuildPatch(text("name"), digest());
            case "build_variable" -> new Part.BuildVariable(text("name"), text("value"));
            default -> ofSource(flag("in_build"));
        };
    }

    private Part ofSource(boolean inBuild) throws NewerRecordException {
        return switch (kind) {
            case "source_order" -> new Part.SourceOrder(inBuild, texts("names"));
            case "placing" -> new Part.Placing(inBuild, text("of"), text("text"));
            case "source_image" -> new Part.SourceImage(inBuild, text("name"), images());
            case "debian_packages" -> new Part.DebianPackages(inBuild, texts("names"));
            case "folder" -> new Part.Folder(inBuild, text("written"), digest());
            case "source_file" ->
                new Part.SourceFile(
                        inBuild, text("folder"), text("path"), maybeDigest(json), json.text("link"), flag("runnable"));
            case "text_file" -> new Part.TextFile(inBuild, text("path"), digest());
            case "archive" -> new Part.Archive(inBuild, text("origin"), digests(), number("strip"));
            case "download" -> new Part.Download(inBuild, text("origin"), digests(), text("path"), number("mode"));
            default -> throw NewerRecordException.of("it has a part of kind \"%s\"".formatted(kind));
        };
    }

    private <T> T known(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "in its part \"%s\", \"%s\" is missing or cannot be read".formatted(kind, name));
        }
        return value;
    }

    private String text(String name) {
        return known(name, json.text(name));
    }

    private List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Json item : items(name)) {
            texts.add(known(name, item instanceof JsonText(String text) ? text : null));
        }
        return texts;
    }

    private List<Json> items(String name) {
        return known(name, json.get(name) instanceof JsonArray(List<Json> items) ? items : null);
    }

    private int number(String name) {
        Long number = known(name, json.whole(name));
        return known(name, number == number.intValue() ? number.intValue() : null);
    }

    private boolean flag(String name) {
        return json.get(name) != null && known(name, json.get(name) instanceof JsonBool(boolean value) ? value : null);
    }

    private <E extends Enum<E>> E one(String name, E[] constants) throws NewerRecordException {
        String text = text(name);
        E found = RecordKey.find(constants, text);
        if (found != null) {
            return found;
        }
        throw NewerRecordException.of("its part \"%s\" has the %s \"%s\"".formatted(kind, name, text));
    }

    private @Nullable Architecture on() {
        String label = json.text("architecture");
        return label == null ? null : known("architecture", Architecture.of(label));
    }

    private Sha256 digest() {
        return known("digest", maybeDigest(json));
    }

    private @Nullable Sha256 maybeDigest(JsonObject of) {
        return of.get("digest") == null ? null : known("digest", Sha256.tryParse(of.text("digest")));
    }

    private SortedMap<String, Sha256> digests() {
        SortedMap<String, Sha256> digests = new TreeMap<>();
        JsonObject all = known("digests", json.object("digests"));
        for (Map.Entry<String, Json> one : all.members().entrySet()) {
            digests.put(one.getKey(), known("digests", Sha256.tryParse(all.text(one.getKey()))));
        }
        return digests;
    }

    private List<Part.DebianPackage.Release> releases() {
        List<Part.DebianPackage.Release> releases = new ArrayList<>();
        for (Json item : items("releases")) {
            JsonObject one = known("releases", item instanceof JsonObject object ? object : null);
            String version = known("version", one.text("version"));
            releases.add(new Part.DebianPackage.Release(version, one.text("architecture"), maybeDigest(one)));
        }
        return releases;
    }

    private PinnedImage image(JsonObject of) {
        return new PinnedImage(place(known("image", of.text("image"))), maybeDigest(of));
    }

    private List<PinnedImage> images() {
        List<PinnedImage> images = new ArrayList<>();
        for (Json item : items("images")) {
            images.add(image(known("images", item instanceof JsonObject object ? object : null)));
        }
        return images;
    }

    /** Recorded paths are absolute. */
    private static ImagePlace place(String text) {
        return ImagePlace.parse(text, Path.of("/"));
    }
}
