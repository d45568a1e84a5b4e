package dev.talosforge.pipeline.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Hooks;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Inputs of the three stages: defaults, and every error text whole. */
class StageInputsTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private final SequencedMap<String, Value> inputs = new TreeMap<>();
    private final SortedMap<String, Value> overrides = new TreeMap<>();

    private StageInputsTest with(String name, String value) {
        inputs.put(name, Value.of(value));
        return this;
    }

    private StageInputsTest list(String name, String... values) {
        inputs.put(
                name,
                new Value.Sequence(
                        Value.Sequence.Kind.TUPLE,
                        Arrays.stream(values).map(Value::of).toList()));
        return this;
    }

    private StageInputsTest files(String path) {
        inputs.put("files", new Value.Mapping(false, new TreeMap<>(java.util.Map.of(path, Value.of("text")))));
        return this;
    }

    private StageInputsTest bool(String name) {
        inputs.put(name, Value.of(true));
        return this;
    }

    private StageInputsTest without(String name) {
        inputs.remove(name);
        return this;
    }

    /** As if all of it stood in the unit's own file. */
    private SequencedMap<String, Where.Source> written() {
        SequencedMap<String, Where.Source> places = new TreeMap<>();
        inputs.keySet()
                .forEach(name -> places.put(name, new Where.Source(Path.of("/tree/unit/terragrunt.hcl"), 1, 1, 1, "")));
        return places;
    }

    private InputReader reader() {
        return new InputReader(
                new Unit(
                        Path.of("/tree/unit"),
                        Path.of("/tree/unit"),
                        "unit",
                        "x",
                        "x",
                        inputs,
                        written(),
                        List.of(),
                        List.of(),
                        null,
                        false,
                        Hooks.none(),
                        List.of(),
                        false),
                overrides);
    }

    /** One line a problem: what, why, what to do. */
    private String wrong(Function<InputReader, ?> read) {
        BuildException e = assertThrows(BuildException.class, () -> read.apply(reader()));
        StringBuilder text = new StringBuilder();
        for (Problem problem : e.problems()) {
            assertEquals(Problem.Kind.INVALID_INPUT, problem.kind());
            text.append(problem.what().replace("cannot use input ", "").replace(" of unit", ""))
                    .append(": ")
                    .append(problem.why())
                    .append(problem.remedy() == null ? "" : "; " + problem.remedy())
                    .append('\n');
        }
        return text.toString();
    }

    /** What is asked for, what is said to be known, and what the documentation has, are one list. */
    @Test
    void inputsAreNamedOnce() throws IOException {
        String documented = Files.readString(Path.of("docs/configuration.md"));
        assertEquals(sorted(ImagesInputs.NAMES), asked(ImagesInputs::read));
        assertEquals(sorted(ExtensionInputs.NAMES), asked(ExtensionInputs::read));
        assertEquals(sorted(UploadInputs.NAMES), asked(UploadInputs::read));
        assertEquals(sorted(ImagesInputs.NAMES), documented(documented, StageModule.IMAGES.module()));
        assertEquals(sorted(ExtensionInputs.NAMES), documented(documented, StageModule.EXTENSION.module()));
        assertEquals(sorted(UploadInputs.NAMES), documented(documented, StageModule.UPLOAD.module()));
    }

    private static String sorted(Collection<String> names) {
        return String.join("\n", new TreeSet<>(names));
    }

    /** Asks with an input that nobody knows: the answer lists those that were asked for. */
    private String asked(Function<InputReader, ?> read) {
        inputs.clear();
        with("zz-unknown", "");
        BuildException e = assertThrows(BuildException.class, () -> read.apply(reader()));
        String why = e.problems().getLast().why();
        Set<String> names =
                new TreeSet<>(List.of(why.replace("known here: ", "").split(", ", -1)));
        names.removeAll(InputReader.COMMON);
        return sorted(names);
    }

    /** The first column of the table in a stage's section. */
    private static String documented(String text, String module) {
        String section = text.substring(text.indexOf("## " + module + "\n"));
        Set<String> names = new TreeSet<>();
        Matcher row =
                Pattern.compile("(?m)^\\| (`[^|]*`) \\|").matcher(section.substring(0, section.indexOf("\nOutputs:")));
        while (row.find()) {
            for (String name : row.group(1).split(", ", -1)) {
                names.add(name.replace("`", ""));
            }
        }
        return sorted(names);
    }

    private StageInputsTest images() {
        return with("talos_version", "v1.11.5").with("installer_registry", "ghcr.io/acme/installer");
    }

    private StageInputsTest extension() {
        return with("name", "hello").with("version", "v1.0.0").with("extension_registry", "ghcr.io/acme/hello");
    }

    private StageInputsTest upload() {
        return with("iso_path", "../images/a.iso")
                .with("iso_name", "a.iso")
                .with("proxmox_datastore_id", "resources")
                .list("proxmox_node_names", "pve01");
    }

    @Test
    void imagesHaveDefaults() {
        ImagesInputs read = ImagesInputs.read(images().reader());
        assertEquals("ghcr.io/siderolabs/imager:v1.11.5", read.images().imager().toString());
        assertEquals(
                "ghcr.io/siderolabs/installer-base:v1.11.5",
                read.images().base().toString());
        assertEquals("ghcr.io/acme/installer:v1.11.5", read.installer().toString());
        assertEquals(Path.of("/tree/unit/build/talos-iso/talos-v1.11.5-nocloud-amd64.iso"), read.iso());
        assertEquals(false, read.zstd());
    }

    @Test
    void anEmptyTextIsAsGoodAsNone() {
        ImagesInputs read = ImagesInputs.read(images().with("imager_image", "")
                .with("installer_tag", "")
                .with("iso_name", "")
                .reader());
        assertEquals("ghcr.io/siderolabs/imager:v1.11.5", read.images().imager().toString());
        assertEquals("ghcr.io/acme/installer:v1.11.5", read.installer().toString());
    }

    @Test
    void overridesReachInputsThatTheUnitDoesNotSet() {
        overrides.put("talos_version", Value.of("v1.12.0"));
        overrides.put("installer_tag", Value.of("v1.12.0-test"));
        overrides.put("something_of_another_stage", Value.of("x"));
        ImagesInputs read = ImagesInputs.read(images().reader());
        assertEquals("v1.12.0", read.version().text());
        assertEquals("ghcr.io/acme/installer:v1.12.0-test", read.installer().toString());
        assertEquals("ghcr.io/siderolabs/imager:v1.12.0", read.images().imager().toString());
    }

    @Test
    void whatIsMissingIsReported() {
        assertEquals("""
                "talos_version": the unit does not set it; add to inputs: talos_version = …
                "installer_registry": the unit does not set it; add to inputs: installer_registry = …
                """, wrong(ImagesInputs::read));
        assertEquals("""
                "name": the unit does not set it; add to inputs: name = …
                "version": the unit does not set it; add to inputs: version = …
                "extension_registry": the unit does not set it; add to inputs: extension_registry = …
                """, wrong(ExtensionInputs::read));
        assertEquals("""
                "iso_path": the unit does not set it; add to inputs: iso_path = …
                "iso_name": the unit does not set it; add to inputs: iso_name = …
                "proxmox_datastore_id": the unit does not set it; add to inputs: proxmox_datastore_id = …
                "proxmox_node_names": it names no node
                """, wrong(UploadInputs::read));
    }

    @Test
    void whatIsRequiredAndEmptyIsReported() {
        assertEquals(
                """
                "talos_version": it is empty
                "installer_registry": it is empty
                """,
                images().with("talos_version", "")
                        .with("installer_registry", "")
                        .wrong(ImagesInputs::read));
        assertEquals(
                "\"iso_path\": it is empty\n",
                new StageInputsTest().upload().with("iso_path", "").wrong(UploadInputs::read));
    }

    @Test
    void wrongInputsOfImagesAreReportedAllAtOnce() {
        assertEquals(
                """
                "talos_version": it is not a version of Talos: "1.x"
                "architecture": it is "sparc", which is neither amd64 nor arm64
                "official_extensions": it is not an image reference: "https://ghcr.io/siderolabs/crun:1.24": it is a URL; write it without the scheme
                "custom_extensions": it has an empty item
                "installer_tag": it is not a valid tag: "a b" is not a tag: use up to 128 letters, digits, and . _ -
                "installer_platform": it is "mainframe", which is not a platform of Talos
                "iso_name": it is "my image.iso"; before .iso use letters, digits and . _ - only: Proxmox changes anything else
                "squashfs_compression": it is "lzo", neither xz nor zstd
                """,
                images().with("talos_version", "1.x")
                        .with("architecture", "sparc")
                        .list("official_extensions", "https://ghcr.io/siderolabs/crun:1.24")
                        .list("custom_extensions", "")
                        .with("installer_tag", "a b")
                        .with("installer_platform", "mainframe")
                        .with("iso_name", "my image.iso")
                        .with("squashfs_compression", "lzo")
                        .wrong(ImagesInputs::read));
    }

    @Test
    void aPlatformThatCameLaterIsReportedWithTheVersion() {
        assertEquals("""
                "iso_platform": it is "alibabacloud", which Talos v1.11.5 does not know yet
                """, images().with("iso_platform", "alibabacloud").wrong(ImagesInputs::read));
        ImagesInputs later = ImagesInputs.read(images().with("iso_platform", "alibabacloud")
                .with("talos_version", "v1.14.0")
                .reader());
        assertEquals("alibabacloud", later.isoPlatform().label());
    }

    @Test
    void everyArchitectureHasAnIsoOfItsOwn() {
        ImagesInputs read = ImagesInputs.read(
                images().list("architectures", "arm64", "amd64").reader());
        assertEquals("arm64, amd64", TargetInputs.labels(read.architectures()));
        assertEquals(
                "{ARM64=/tree/unit/build/talos-iso/talos-v1.11.5-nocloud-arm64.iso,"
                        + " AMD64=/tree/unit/build/talos-iso/talos-v1.11.5-nocloud-amd64.iso}",
                read.isos().toString());
        assertEquals(read.isos().firstEntry().getValue(), read.iso());
        ImagesInputs named = ImagesInputs.read(
                images().with("iso_name", "my-{architecture}.iso").reader());
        assertEquals(
                "/tree/unit/build/talos-iso/my-amd64.iso",
                named.iso(Architecture.AMD64).toString());
        ImagesInputs same = ImagesInputs.read(images().with("architecture", "arm64")
                .list("architectures", "arm64")
                .reader());
        assertEquals(List.of(Architecture.ARM64), same.architectures());
    }

    @Test
    void architecturesThatCannotBeAreReported() {
        assertEquals(
                """
                "architectures[1]": it is "amd64", which is already listed
                "architectures[2]": it is "sparc", which is neither amd64 nor arm64
                "architectures": it names amd64, amd64, sparc, but architecture names arm64: set only one of them
                """,
                images().with("architecture", "arm64")
                        .list("architectures", "amd64", "amd64", "sparc")
                        .wrong(ImagesInputs::read));
        assertEquals(
                """
                "installer_registry": it is one docker archive, which can hold only one image, but the unit builds for amd64, arm64; write {architecture} \
                in the file name
                "iso_name": it is "boot.iso" for amd64, arm64; write {architecture} in place of the architecture
                """,
                without("architecture")
                        .list("architectures", "amd64", "arm64")
                        .with("installer_registry", "docker-archive:out.tar")
                        .with("iso_name", "boot.iso")
                        .wrong(ImagesInputs::read));
    }

    @Test
    void imagesCanBeOnDisk() {
        ImagesInputs read = ImagesInputs.read(images().with("imager_image", "oci:../mirror:imager")
                .with("base_installer_image", "oci-archive:/srv/base.tar")
                .list("official_extensions", "docker-archive:crun.tar:siderolabs/crun:1.24")
                .list("custom_extensions", "oci:../out-{architecture}:v1")
                .with("installer_registry", "oci:build/layout")
                .reader());
        assertEquals("oci:/tree/mirror:imager", read.images().imager().toString());
        assertEquals("oci-archive:/srv/base.tar", read.images().base().toString());
        assertEquals(
                "[docker-archive:/tree/unit/crun.tar:docker.io/siderolabs/crun:1.24, oci:/tree/out-{architecture}:v1]",
                read.images().extensions().toString());
        assertEquals("oci:/tree/unit/build/layout:v1.11.5", read.installer().toString());
        assertEquals(
                "docker-archive:/tree/unit/a.tar:localhost/installer:v1.11.5",
                ImagesInputs.read(images().with("installer_registry", "docker-archive:a.tar")
                                .reader())
                        .installer()
                        .toString());
        assertEquals(
                "docker-archive:/tree/unit/a.tar:ghcr.io/acme/i:trial",
                ImagesInputs.read(images().with("installer_registry", "docker-archive:a.tar:ghcr.io/acme/i:trial")
                                .reader())
                        .installer()
                        .toString());
        assertEquals(
                "oci-archive:/tree/unit/a.tar:own",
                ImagesInputs.read(images().with("installer_registry", "oci-archive:a.tar:own")
                                .reader())
                        .installer()
                        .toString());
    }

    /** The tag of a repository would be thrown away for the stage's own. */
    @Test
    void aRepositoryWithATagIsRefused() {
        assertEquals(
                """
                "installer_registry": it has the tag "v1"; name only the repository; write: installer_registry = \
                "ghcr.io/acme/installer", and the tag as installer_tag = "v1"
                """,
                images().with("installer_registry", "ghcr.io/acme/installer:v1").wrong(ImagesInputs::read));
        assertEquals(
                """
                "installer_registry": it has a digest; the built image gets its own
                """,
                images().with("installer_registry", "ghcr.io/acme/installer@" + DIGEST)
                        .wrong(ImagesInputs::read));
        inputs.clear();
        assertEquals(
                """
                "extension_registry": it has the tag "v1"; name only the repository; write: extension_registry = \
                "127.0.0.1:5000/acme/hello", and the tag as extension_tag = "v1"
                """,
                extension()
                        .with("extension_registry", "127.0.0.1:5000/acme/hello:v1")
                        .wrong(ExtensionInputs::read));
    }

    @Test
    void placesThatCannotBeAreReported() {
        assertEquals(
                """
                "imager_image": it is not an image place: "oci:": the path is missing
                "base_installer_image": it is not an image place: "docker-archive:a.tar@%1$s": images in a docker archive \
                cannot be named by digest
                "installer_registry": it has a digest; the built image gets its own
                "installer_tag": it is "v2", but installer_registry names "v1": set only one of them
                """.formatted(DIGEST),
                images().with("imager_image", "oci:")
                        .with("base_installer_image", "docker-archive:a.tar@" + DIGEST)
                        .with("installer_registry", "oci:out:v1@" + DIGEST)
                        .with("installer_tag", "v2")
                        .wrong(ImagesInputs::read));
    }

    @Test
    void semanticTagsFollowTheVersionUnlessSwitchedOff() {
        assertEquals(true, ExtensionInputs.read(extension().reader()).semanticTags());
        assertEquals(
                false,
                ExtensionInputs.read(extension().with("semantic_tags", "false").reader())
                        .semanticTags());
        assertEquals(
                false,
                ExtensionInputs.read(without("semantic_tags")
                                .with("extension_tag", "trial")
                                .reader())
                        .semanticTags());
        assertEquals(
                true,
                ExtensionInputs.read(with("semantic_tags", "true").reader()).semanticTags());
        assertEquals(
                false,
                ExtensionInputs.read(without("semantic_tags")
                                .without("extension_tag")
                                .with("version", "nightly")
                                .reader())
                        .semanticTags());
        assertEquals(
                "\"semantic_tags\": it is true, but version is \"nightly\", which does not have the form v1.2.3\n",
                with("semantic_tags", "true").wrong(ExtensionInputs::read));
        assertEquals(
                "\"overwrite_tag\": it is text, expected true or false\n",
                without("semantic_tags").with("overwrite_tag", "perhaps").wrong(ExtensionInputs::read));
    }

    @Test
    void anOldTalosIsReportedWhy() {
        assertEquals(
                "\"talos_version\": it is v1.9.5; images of versions before v1.10 are assembled differently, which is"
                        + " not supported\n",
                images().with("talos_version", "v1.9.5").wrong(ImagesInputs::read));
    }

    @Test
    void wrongInputsOfAnExtensionAreReportedAllAtOnce() {
        assertEquals(
                """
                "name": it is "Hello!"; lower-case letters, digits and . _ - are allowed
                "architecture": it is "sparc", which is neither amd64 nor arm64
                "talos_version": it is not a version of Talos: "new"
                "extension_tag": it is not a valid tag: "a b" is not a tag: use up to 128 letters, digits, and . _ -
                "container": it is "a/b"; lower-case letters, digits and . _ - are allowed
                "debian_packages": it is an item of sources now: { debian_packages = [...] }
                "rootfs_dir": it is an item of sources now: { dir = "rootfs", to = "/" }
                "files": it is an item of sources now: { files = { ... }, to = "/" }
                "service": it is a bool, expected an object or YAML text
                """,
                extension()
                        .with("name", "Hello!")
                        .with("architecture", "sparc")
                        .with("talos_version", "new")
                        .with("container", "a/b")
                        .list("debian_packages", "frr")
                        .files("etc/passwd")
                        .with("rootfs_dir", "nowhere")
                        .bool("service")
                        .with("extension_tag", "a b")
                        .wrong(ExtensionInputs::read));
    }

    @Test
    void anInputThatIsUnknownIsReportedWithTheNearestName() {
        assertEquals(
                """
                unknown input "proxmox_node_name": no input has this name; did you mean "proxmox_node_names"?
                unknown input "vlan": known here: catalog_path, iso_name, iso_path, iso_sha256, kubernetes_version, \
                proxmox_content_type, proxmox_datastore_id, proxmox_download_url, proxmox_iso_name, proxmox_name_taken, proxmox_node_hostnames, proxmox_node_names, proxmox_verify_stored, talos_version
                """,
                upload().with("proxmox_node_name", "pve01").with("vlan", "7").wrong(UploadInputs::read));
    }

    /** Before anything is built for it. */
    @Test
    void aNameThatProxmoxRefusesIsWrong() {
        assertEquals("""
                "iso_name": it is "talos v1.iso": Proxmox keeps a name only if it starts with a letter or digit, contains only \
                letters, digits, "_", "." and "-", and ends with .iso or .img; iso_name = "talos-v1.iso"
                """, upload().with("iso_name", "talos v1.iso").wrong(UploadInputs::read));
        assertEquals(
                """
                "iso_name": it is "talos.img": Proxmox takes the name of a disk image only if it starts with a letter or digit, contains only letters, digits, ".", "_" and "-", and ends with .ova, .qcow2, .raw or .vmdk; iso_name = "talos.raw"
                """,
                upload().with("iso_name", "talos.img")
                        .with("proxmox_content_type", "import")
                        .wrong(UploadInputs::read));
        assertEquals(
                "\"iso_name\": it is \"" + "a".repeat(246)
                        + ".iso\": the name has 250 characters; with the digest in it, which it"
                        + " gets where the name is taken, it has 274, and Proxmox takes at most 255; iso_name = \""
                        + "a".repeat(100) + ".iso\"\n",
                upload().with("proxmox_content_type", "iso")
                        .with("iso_name", "a".repeat(246) + ".iso")
                        .wrong(UploadInputs::read));
    }

    @Test
    void choicesOfAnUploadAreNamed() {
        upload().with("proxmox_iso_name", "digest")
                .with("proxmox_name_taken", "overwrite")
                .with("proxmox_verify_stored", "yes")
                .with("proxmox_content_type", "vztmpl")
                .with("proxmox_download_url", "https://user:secret@files.test/talos.iso");
        assertEquals("""
                "proxmox_content_type": it is "vztmpl"; it must be "iso" or "import"
                "proxmox_iso_name": it is "digest"; it must be "stable" or "content"
                "proxmox_name_taken": it is "overwrite"; it must be "replace" or "refuse"
                "proxmox_verify_stored": it is "yes"; it must be "false" or "true"
                "proxmox_download_url": it is not an HTTP or HTTPS address without credentials
                """, wrong(UploadInputs::read));
    }
}
