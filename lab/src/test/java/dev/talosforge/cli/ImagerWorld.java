package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.cli.RealImager.Kind;
import dev.talosforge.cli.RealImager.Order;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.parts.InstallerParts;
import dev.talosforge.parts.IsoParts;
import dev.talosforge.parts.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Images that the real imager and this program make of the same inputs. */
record ImagerWorld(Path folder, ImagerInputs inputs) {
    /**
     * Images that both are to make: an ISO for one platform and an installer for another.
     *
     * @param imager version of the real one
     * @param version of Talos that the images are for
     * @param extensions references, official ones or not
     * @param compression of ours; imager has zstd alone
     */
    record Wanted(
            String name,
            String imager,
            String version,
            String architecture,
            String isoPlatform,
            String installerPlatform,
            List<String> arguments,
            List<String> extensions,
            String compression) {}

    /** What both made, taken apart. */
    record Pair(Parts ours, Parts theirs) {}

    /** Makes ISO and installer with both programs: {@code iso} and {@code installer}. */
    SortedMap<String, Pair> made(Wanted wanted) throws Exception {
        Path ours = ours(wanted);
        Path there = Files.createDirectories(folder.resolve("theirs-" + wanted.name));
        Parts ourIso = IsoParts.of(iso(wanted.name), there);
        Parts theirIso = IsoParts.of(theirs(wanted, Kind.ISO, wanted.isoPlatform, there), there);
        SortedMap<String, Pair> pairs = new TreeMap<>();
        pairs.put("iso", new Pair(ourIso, theirIso));
        pairs.put(
                "installer",
                new Pair(
                        InstallerParts.ofLayout(ours.resolve("out"), ourIso, there),
                        InstallerParts.ofDockerArchive(
                                theirs(wanted, Kind.INSTALLER, wanted.installerPlatform, there), theirIso, there)));
        return pairs;
    }

    private Path theirs(Wanted wanted, Kind kind, String platform, Path folder)
            throws IOException, InterruptedException {
        return inputs.imager(wanted.imager, wanted.architecture)
                .make(kind, order(wanted, platform), folder.resolve(kind.name()))
                .file();
    }

    private static Order order(Wanted wanted, String platform) {
        return new Order(
                wanted.version,
                wanted.architecture,
                platform,
                wanted.arguments,
                ImagerInputs.image("installer-base", wanted.architecture),
                wanted.extensions);
    }

    /** That this program made. */
    Path iso(String name) {
        return folder.resolve("ours-" + name).resolve("build/talos-iso/ours.iso");
    }

    /**
     * What inspect says of an artifact that both made, but for digests, sizes and the kernel, which differ: ours,
     * theirs.
     */
    List<String> inspected(String name, Kind kind) throws IOException {
        Path theirs = folder.resolve("theirs-" + name).resolve(kind.name()).resolve("out");
        try (Stream<Path> files = Files.list(theirs)) {
            Path file = files.findFirst().orElseThrow();
            return switch (kind) {
                case ISO -> List.of(inspected(iso(name).toString()), inspected(file.toString()));
                case INSTALLER ->
                    List.of(
                            inspected("oci:" + folder.resolve("ours-" + name).resolve("out")),
                            inspected("docker-archive:" + file));
            };
        }
    }

    private String inspected(String subject) throws IOException {
        JsonObject report = JsonReader.readObject(
                "report", inputs.run(folder, "inspect", "--json", subject).out().getBytes(UTF_8));
        StringBuilder reported = new StringBuilder();
        for (String part : List.of("kind", "talos_version", "platform", "architecture", "command_lines", "notes")) {
            reported.append(Objects.requireNonNull(report.get(part)).compact()).append('\n');
        }
        for (Json extension : report.items("extensions")) {
            Json.Builder kept = Json.object();
            if (extension instanceof JsonObject object) {
                object.members().forEach((member, value) -> {
                    if (!member.equals("digest") && !member.equals("size")) {
                        kept.put(member, value);
                    }
                });
            }
            reported.append(kept.build().compact()).append('\n');
        }
        return reported.toString();
    }

    private Path ours(Wanted wanted) throws IOException {
        Path unit = Files.createDirectories(folder.resolve("ours-" + wanted.name));
        Files.createDirectories(folder.resolve(".git"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_images" }
                inputs = {
                  talos_version        = "%s"
                  imager_image         = "%s"
                  base_installer_image = "%s"
                  architecture         = "%s"
                  installer_registry   = "oci:out"
                  installer_platform   = "%s"
                  iso_platform         = "%s"
                  iso_name             = "ours.iso"
                  kernel_args          = %s
                  custom_extensions    = %s
                  squashfs_compression = "%s"
                }
                """.formatted(
                        wanted.version,
                        ImagerInputs.image("imager", wanted.architecture),
                        ImagerInputs.image("installer-base", wanted.architecture),
                        wanted.architecture,
                        wanted.installerPlatform,
                        wanted.isoPlatform,
                        list(wanted.arguments),
                        list(wanted.extensions),
                        wanted.compression));
        inputs.run(unit, "apply");
        return unit;
    }

    private static String list(List<String> texts) {
        return texts.stream()
                .map(text -> Json.of(text).compact().replace("${", "$${"))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
