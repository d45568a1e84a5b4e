package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.talos.Architecture;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Writes parts as in a record of format 2. {@link PartReader} reads them back; names and members stay as they are. */
final class PartWriter {
    private final Json.Builder json = Json.object();

    private PartWriter(String kind) {
        text("part", kind);
    }

    static Json json(List<Part> parts) {
        return Json.array(parts, part -> of(part).json.build());
    }

    private static PartWriter of(Part part) {
        return switch (part) {
            case Part.TalosRelease(var version) -> kind("talos_release").text("version", version.text());
            case Part.Architectures(var all) ->
                kind("architectures")
                        .texts("names", all.stream().map(Architecture::label).toList());
            case Part.BaseImage(var role, var only, var image) ->
                kind("base_image").text("role", RecordKey.of(role)).on(only).image(image);
            case Part.Extension(boolean custom, var image) ->
                kind("extension").flag("custom", custom).image(image);
            case Part.ExtensionVariant(var only, var image) ->
                kind("extension_variant").on(only).image(image);
            case Part.ExtensionOrder(var names) -> kind("extension_order").texts("names", names);
            case Part.KernelArgument(String text) -> kind("kernel_argument").text("text", text);
            case Part.CommandLine(var of, var on, String line) ->
                kind("command_line").text("of", RecordKey.of(of)).on(on).text("line", line);
            case Part.StageRevision(int number) -> kind("stage_revision").number("number", number);
            case Part.Target(var kind, var place, boolean pushed) ->
                kind("target")
                        .text("kind", RecordKey.of(kind))
                        .text("place", place.toString())
                        .flag("pushed", pushed);
            case Part.IsoFile(var on, String path) -> kind("iso_file").on(on).text("path", path);
            case Part.Content(var digest) -> kind("content").digest(digest);
            case Part.Volume(String id) -> kind("volume").text("id", id);
            case Part.Nodes(var names) -> kind("nodes").texts("names", names);
            case Part.Output(String name, String value) ->
                kind("output").text("name", name).text("value", value);
            case Part.Setting(var name, String value) ->
                kind("setting").text("name", RecordKey.of(name)).text("value", value);
            case Part.SourceDate(Long seconds) ->
                seconds == null ? kind("source_date") : kind("source_date").number("seconds", seconds);
            case Part.Identification(String name, String version) ->
                kind("identification").text("name", name).text("version", version);
            case Part.Service(String name, var digest) ->
                kind("service").text("name", name).digest(digest);
            case Part.PackageLock(String path, boolean written) ->
                kind("package_lock").text("path", path).flag("written", written);
            case Part.DebianPackage(boolean forBuilds, String name, var releases) ->
                kind("debian_package")
                        .flag("for_builds", forBuilds)
                        .text("name", name)
                        .releases(releases);
            case Part.Arrangement(var digest) -> kind("arrangement").digest(digest);
            case Part.Unknown(String title, String value) ->
                kind("unknown").text("title", title).text("value", value);
            case Part.OfSource source -> ofSource(source).flag("in_build", source.inBuild());
            case Part.BuildTools(var packages) -> kind("build_tools").texts("packages", packages);
            case Part.BuildCommand(var digest) -> kind("build_command").digest(digest);
            case Part.BuildPatch(String name, var digest) ->
                kind("build_patch").text("name", name).digest(digest);
            case Part.BuildVariable(String name, String value) ->
                kind("build_variable").text("name", name).text("value", value);
        };
    }

    private static PartWriter ofSource(Part.OfSource source) {
        return switch (source) {
            case Part.SourceOrder order -> kind("source_order").texts("names", order.names());
            case Part.Placing placing ->
                kind("placing").text("of", placing.of()).text("text", placing.text());
            case Part.SourceImage image ->
                kind("source_image").text("name", image.name()).images(image.images());
            case Part.DebianPackages packages -> kind("debian_packages").texts("names", packages.names());
            case Part.Folder folder ->
                kind("folder").text("written", folder.written()).digest(folder.digest());
            case Part.SourceFile file ->
                kind("source_file")
                        .text("folder", file.folder())
                        .text("path", file.path())
                        .digest(file.digest())
                        .text("link", file.link())
                        .flag("runnable", file.runnable());
            case Part.TextFile file ->
                kind("text_file").text("path", file.path()).digest(file.digest());
            case Part.Archive archive ->
                kind("archive")
                        .text("origin", archive.origin())
                        .digests(archive.digests())
                        .number("strip", archive.strip());
            case Part.Download download ->
                kind("download")
                        .text("origin", download.origin())
                        .digests(download.digests())
                        .text("path", download.path())
                        .number("mode", download.mode());
        };
    }

    private static PartWriter kind(String kind) {
        return new PartWriter(kind);
    }

    /** Writes nothing if it is null. */
    private PartWriter text(String name, @Nullable String value) {
        json.putIfPresent(name, value);
        return this;
    }

    private PartWriter texts(String name, List<String> values) {
        json.put(name, Json.ofTexts(values));
        return this;
    }

    private PartWriter number(String name, long value) {
        json.put(name, value);
        return this;
    }

    /** Writes nothing if it is false. */
    private PartWriter flag(String name, boolean value) {
        if (value) {
            json.put(name, true);
        }
        return this;
    }

    private PartWriter on(@Nullable Architecture architecture) {
        return text("architecture", architecture == null ? null : architecture.label());
    }

    private PartWriter digest(@Nullable Sha256 digest) {
        return text("digest", text(digest));
    }

    private PartWriter digests(SortedMap<String, Sha256> digests) {
        Json.Builder all = Json.object();
        digests.forEach((architecture, digest) -> all.put(architecture, digest.toString()));
        json.put("digests", all.build());
        return this;
    }

    private PartWriter releases(List<Part.DebianPackage.Release> releases) {
        json.put(
                "releases",
                Json.array(
                        releases,
                        release -> Json.object()
                                .put("version", release.version())
                                .putIfPresent("architecture", release.architecture())
                                .putIfPresent("digest", text(release.digest()))
                                .build()));
        return this;
    }

    private static @Nullable String text(@Nullable Sha256 digest) {
        return digest == null ? null : digest.toString();
    }

    private PartWriter image(PinnedImage image) {
        return text("image", image.place().toString()).digest(image.digest());
    }

    private PartWriter images(List<PinnedImage> images) {
        json.put("images", Json.array(images, PartWriter::object));
        return this;
    }

    private static JsonObject object(PinnedImage image) {
        return Json.object()
                .put("image", image.place().toString())
                .putIfPresent("digest", text(image.digest()))
                .build();
    }
}
