package dev.talosforge.pipeline.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.extension.ExtensionVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every check on a tree on disk, whole texts with places; and that sound trees are left in peace. */
class LinterTest {
    private static final String DIGEST = "sha256:" + "0123abcd".repeat(8);

    @TempDir
    private Path tree;

    private final SortedMap<String, Value> overrides = new TreeMap<>();

    private void write(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void unit(String name, String module, String rest) throws IOException {
        write(name + "/terragrunt.hcl", "terraform { source = \"modules//%s\" }\n%s".formatted(module, rest));
    }

    /** An images unit without a fault, and with these inputs besides. */
    private void images(String name, String... inputs) throws IOException {
        unit(name, "talos_images", """
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/%s"
                  iso_name           = "%s-v1.11.5.iso", installer_platform = "nocloud"
                %s
                }
                """.formatted(
                        name, name, Arrays.stream(inputs).map("  "::concat).collect(Collectors.joining("\n"))));
    }

    private List<LintFinding> look(Path root) {
        return Linter.of(
                Workspace.open(root, EvaluationSettings.validating(Map.of())).evaluateAll(), overrides);
    }

    private static String text(Path root, List<LintFinding> findings) {
        StringBuilder text = new StringBuilder();
        for (LintFinding finding : findings) {
            text.append(finding.check().id());
            if (finding.where() != null) {
                text.append(" %s:%d:%d"
                        .formatted(
                                root.relativize(finding.where().file()),
                                finding.where().line(),
                                finding.where().column()));
            }
            text.append("\n  ").append(finding.what());
            text.append("\n  ").append(finding.why());
            if (finding.remedy() != null) {
                text.append("\n  ").append(finding.remedy());
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Without what is said of installations, which has a test of its own. */
    private void finds(String expected) {
        List<LintFinding> findings = look(tree).stream()
                .filter(finding -> !finding.check().isAboutInstallation())
                .toList();
        assertEquals(expected, text(tree, findings).replace(tree.toString(), "TREE"));
    }

    @Test
    void aSoundTreeHasNoFindings() throws Exception {
        images(
                "images",
                "kernel_args = [\"-init_on_alloc=1\", \"init_on_alloc=0\", \"iommu=pt\", \"console=tty0\", \"console=ttyS0\"]",
                "official_extensions = [\"ghcr.io/siderolabs/gvisor:2.3.4-v1.11.5@%s\"]".formatted(DIGEST),
                "kubernetes_version = \"1.31.4\"");
        finds("");
    }

    @Test
    void argumentsThatContradict() throws Exception {
        images("images", "kernel_args = [", "  \"quiet\",", "  \"-init_on_alloc\",", "  \"init_on_alloc=0\",", "]");
        finds("""
                kernel-args-contradict images/terragrunt.hcl:8:5
                  kernel_args of images: "-init_on_alloc" and "init_on_alloc=0" contradict each other
                  one removes what the other sets; in this order the command line has init_on_alloc=0
                  keep one of them; to replace Talos' value, remove exactly that: -init_on_alloc=1
                """);
    }

    @Test
    void anItemIsShownWhereItIsWrittenInAnotherFile() throws Exception {
        write("common.hcl", """
                locals {
                  schematic = {
                    args = [
                      "quiet",
                      "talos.platform=metal",
                    ]
                  }
                }
                """);
        unit("images", "talos_images", """
                locals {
                  common = read_terragrunt_config(find_in_parent_folders("common.hcl")).locals
                }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/installer"
                  kernel_args        = local.common.schematic.args
                }
                """);
        finds("""
                talos-platform-shared common.hcl:5:7
                  kernel_args of images: "talos.platform=metal" is in arguments that several artifacts share
                  each keeps its own platform (installer: metal, ISO: nocloud), so this one is ignored
                  remove it; installer_platform and iso_platform choose platforms
                """);
    }

    @Test
    void extensionsThatMoveOrSayNothing() throws Exception {
        images(
                "images",
                "official_extensions = [\"ghcr.io/siderolabs/crun:1.24\", \"ghcr.io/siderolabs/ctr@%s\"]"
                        .formatted(DIGEST),
                "custom_extensions = [\"ghcr.io/acme/a\", \"ghcr.io/acme/b:v1\"]");
        finds("""
                extension-by-tag images/terragrunt.hcl:6:25
                  official_extensions of images: 1 extension by tag only: ghcr.io/siderolabs/crun:1.24
                  a tag can move; the same tree then builds another image
                  add the digests: NAME:TAG@sha256:…
                extension-without-tag images/terragrunt.hcl:6:25
                  official_extensions of images: 1 extension by digest only: ghcr.io/siderolabs/ctr
                  a digest does not show the version
                  add the tags: NAME:TAG@sha256:…
                floating-tag images/terragrunt.hcl:7:24
                  custom_extensions of images: ghcr.io/acme/a has neither tag nor digest
                  latest names another image every few weeks
                  write a version and its digest: NAME:TAG@sha256:…
                floating-tag images/terragrunt.hcl:7:42
                  custom_extensions of images: the tag of ghcr.io/acme/b:v1 is a moving tag
                  it names another image after each release
                  write a version and its digest: NAME:TAG@sha256:…
                """);
    }

    @Test
    void extensionsOfAnotherReleaseAndTwice() throws Exception {
        images(
                "images",
                "official_extensions = [\"ghcr.io/siderolabs/gvisor:2.3.4-v1.11.4@%s\"]".formatted(DIGEST),
                "custom_extensions = [\"ghcr.io/acme/gvisor:2.3.4-v1.11.5@%s\"]".formatted(DIGEST));
        finds("""
                extension-twice images/terragrunt.hcl:7:24
                  custom_extensions of images: gvisor is both an official and a custom extension
                  ghcr.io/siderolabs/gvisor:2.3.4-v1.11.4@DIGEST and ghcr.io/acme/gvisor:2.3.4-v1.11.5@DIGEST: both go into \
                the images, and the files of the last one win
                  keep one of them
                extension-of-other-release images/terragrunt.hcl:6:26
                  official_extensions of images: ghcr.io/siderolabs/gvisor:2.3.4-v1.11.4 is for another Talos release
                  talos_version is v1.11.5; kernel modules of another release do not load
                  use the tag that ends with the version of Talos
                """.replace("DIGEST", DIGEST));
    }

    /** Case 24: apply refuses it, and by then everything else is pulled. */
    @Test
    void officialExtensionsWithKernelModules() throws Exception {
        images(
                "images",
                "official_extensions = [\"i915\", \"ghcr.io/siderolabs/i915-ucode:20240909@%s\"]".formatted(DIGEST),
                "custom_extensions = [\"ghcr.io/acme/drbd:9@%s\"]".formatted(DIGEST));
        finds("""
                extension-with-modules images/terragrunt.hcl:6:26
                  official_extensions of images: i915 contains kernel modules
                  an index of modules cannot be built yet, and without one the kernel finds none of them: apply will refuse it
                  leave it out, or build these images with Talos' imager
                """);
    }

    @Test
    void versionsThatCameLater() throws Exception {
        overrides.put("talos_version", Value.of("v2.3.0"));
        unit("extension", "talos_extension", """
                inputs = {
                  name               = "a"
                  version            = "v1.0.0"
                  extension_registry = "ghcr.io/acme/a"
                }
                """);
        finds("""
                talos-version-newer
                  talos_version of extension: v2.3.0 is newer than the versions this program knows
                  it supports Talos 1.10 to 1.14 and does not know later changes
                  check the spelling, or look for a newer talos-forge
                """);
        overrides.put("talos_version", Value.of("v1.15.0-alpha.0"));
        assertEquals(1, look(tree).size());
        overrides.put("talos_version", Value.of("v1.14.9"));
        finds("");
    }

    /** Row 17b: told where it is written, and not by the apply alone. */
    @Test
    void serviceFilesThatTalosTakesOtherwiseThanMeant() throws Exception {
        write("extension/files/usr/local/etc/containers/a.yaml", """
                name: a
                container:
                  entrypoint: ./x
                  mounts:
                    - source: /run/x
                      destination: rel/dest
                      type: extt4
                  security:
                    maskedPaths: ~
                restart: always
                memory: 1
                ---
                garbage: [
                """);
        unit("extension", "talos_extension", """
                inputs = {
                  name               = "a"
                  version            = "v1.0.0"
                  extension_registry = "ghcr.io/acme/a"
                  sources            = [{ dir = "files", to = "/" }]
                  service            = {
                    name      = "b"
                    container = { entrypoint = "./x", enviroment = ["A=b"] }
                    restart   = "always"
                  }
                }
                """);
        finds("""
                service-file extension/terragrunt.hcl:9:39
                  service of extension: /usr/local/etc/containers/a.yaml
                  container has no field "enviroment": Talos silently ignores it
                  did you mean "environment"?
                service-file extension/files/usr/local/etc/containers/a.yaml:1:1
                  sources of extension: /usr/local/etc/containers/a.yaml
                  the file has several YAML documents; Talos reads only the first
                  write each service to a file of its own
                service-file extension/files/usr/local/etc/containers/a.yaml:11:1
                  sources of extension: /usr/local/etc/containers/a.yaml
                  a service has no field "memory": Talos silently ignores it
                service-file extension/files/usr/local/etc/containers/a.yaml:6:20
                  sources of extension: /usr/local/etc/containers/a.yaml
                  destination "rel/dest" is not absolute, and is taken as /rel/dest
                  start it with /
                service-file extension/files/usr/local/etc/containers/a.yaml:7:13
                  sources of extension: /usr/local/etc/containers/a.yaml
                  Talos' kernel has no file system "extt4" built in: unless an extension provides it, the service is started again and again, and never runs
                  did you mean "ext4"?
                """);
    }

    @Test
    void aManifestThatNamesAnotherRelease() {
        TalosVersion version = TalosVersion.parse("v1.11.5");
        assertNotNull(version);
        assertEquals(
                "extension ghcr.io/acme/gvisor:mine is version 2.3.4-v1.11.4, built for another release than Talos v1.11.5: "
                        + "its kernel modules do not load",
                ExtensionVersion.note("ghcr.io/acme/gvisor:mine", "2.3.4-v1.11.4", version));
        assertNull(ExtensionVersion.note("ghcr.io/acme/gvisor:mine", "2.3.4-v1.11.5", version));
        assertNull(ExtensionVersion.note("ghcr.io/acme/gvisor:mine", "2.3.4", version));
    }

    @Test
    void versionsThatDoNotFit() throws Exception {
        unit("images", "talos_images", """
                inputs = {
                  talos_version        = "1.12"
                  imager_image         = "ghcr.io/siderolabs/imager:v1.11.5"
                  installer_registry   = "ghcr.io/acme/installer"
                  installer_tag        = "v1.11.5"
                  iso_name             = "talos.iso"
                  kubernetes_version   = "1.31"
                }
                """);
        finds("""
                image-of-other-release images/terragrunt.hcl:4:26
                  imager_image of images: it is for v1.11.5, but talos_version is 1.12
                  the kernel, the rules and the version shown would belong to different releases
                  use the image of 1.12, or omit the input
                talos-version-form images/terragrunt.hcl:3:26
                  talos_version of images: "1.12" is not how Talos' images are tagged
                  images of that version are looked up under the tag 1.12
                  write all three numbers with a leading v: v1.12.0
                kubernetes-version-form images/terragrunt.hcl:8:26
                  kubernetes_version of images: "1.31" is not a complete version of Kubernetes
                  images of Kubernetes are tagged with all three numbers
                  write it like 1.31.4
                installer-tag-of-other-version images/terragrunt.hcl:6:26
                  installer_tag of images: Talos 1.12 is published under the tag v1.11.5
                  a node installed with v1.11.5 from that tag gets 1.12
                  omit it, or include the version: 1.12-test
                iso-name-constant images/terragrunt.hcl:7:26
                  iso_name of images: "talos.iso" does not contain the version 1.12
                  the next version's ISO gets the same name and replaces this one wherever it was uploaded
                  include the version: "talos-${local.versions.talos_version}-…iso"
                """);
    }

    @Test
    void aVersionThatIsAskedForFromOutsideHasNamesOfItsOwn() throws Exception {
        images("images", "installer_tag = \"v1.11.5\"");
        overrides.put("talos_version", Value.of("v1.12.0"));
        finds("");
        overrides.put("installer_tag", Value.of("v1.12.0-test"));
        finds("");
    }

    @Test
    void aTestVersionUnderTheSharedTag() throws Exception {
        images("images");
        overrides.put("talos_version", Value.of("v1.12.0-alpha.1"));
        overrides.put("installer_tag", Value.of("v1.12.0"));
        overrides.put("iso_name", Value.of("test-v1.12.0-alpha.1.iso"));
        finds("""
                installer-tag-of-other-version
                  installer_tag of images: Talos v1.12.0-alpha.1 is published under the tag v1.12.0
                  a node installed with v1.12.0 from that tag gets v1.12.0-alpha.1
                  omit it, or include the version: v1.12.0-alpha.1-test
                """);
    }

    @Test
    void oneVersionOfKubernetesInTwoForms() throws Exception {
        images("images", "kubernetes_version = \"1.31.4\"");
        unit("cluster", "talos_config", "inputs = { kubernetes_version = \"v1.31.4\" }\n");
        finds("""
                kubernetes-version-form cluster/terragrunt.hcl:2:33
                  kubernetes_version of cluster: "v1.31.4" has a leading v, but images has none
                  anything that compares them as text sees two different versions
                  write it the same way everywhere: 1.31.4
                """);
    }

    @Test
    void unitsThatPublishUnderOneName() throws Exception {
        images("a");
        unit("b", "talos_images", """
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/a"
                  iso_name           = "a-v1.11.5.iso"
                }
                """);
        finds("""
                same-target b/terragrunt.hcl:4:24
                  installer_registry of b: a delivers installer ghcr.io/acme/a:v1.11.5 as well
                  the unit applied last replaces the result of the other one
                  give each its own name
                """);
    }

    /** Folders of their own are what units have when nobody names one. */
    @Test
    void oneNameInOneFolderIsOneFile() throws Exception {
        images("a", "iso_output_dir = \"../isos\"");
        unit("b", "talos_images", """
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/b"
                  iso_name           = "a-v1.11.5.iso"
                  iso_output_dir     = "../isos"
                }
                """);
        finds("""
                same-target b/terragrunt.hcl:5:24
                  iso_name of b: a delivers ISO TREE/isos/a-v1.11.5.iso as well
                  the unit applied last replaces the result of the other one
                  give each its own name
                """);
    }

    @Test
    void unitsThatWriteOneNameIntoTwoFolders() throws Exception {
        images("a");
        unit("b", "talos_images", """
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/b"
                  iso_name           = "a-v1.11.5.iso"
                }
                """);
        finds("");
    }

    @Test
    void anExtensionUnderATagThatMoves() throws Exception {
        unit("extension", "talos_extension", """
                inputs = {
                  name               = "hello"
                  version            = "1.0.0"
                  extension_registry = "ghcr.io/acme/hello"
                  extension_tag      = "latest"
                }
                """);
        finds("""
                floating-tag extension/terragrunt.hcl:6:24
                  extension_tag of extension: the extension is published under latest, which is a moving tag
                  whatever uses that tag gets the version published last
                  publish it under its full version
                """);
    }

    @Test
    void anUploadOfSomethingElse() throws Exception {
        unit("registry", "talos_proxmox_upload", """
                inputs = {
                  iso_path               = "/nowhere/a.iso"
                  iso_name               = "a.iso"
                  proxmox_datastore_id   = "resources"
                  proxmox_node_names     = ["pve01", "pve01"]
                  proxmox_node_hostnames = ["pve01.example.net"]
                }
                """);
        finds("""
                iso-not-made-here registry/terragrunt.hcl:3:28
                  iso_path of registry: no unit builds /nowhere/a.iso
                  the upload sends whatever file is there
                  use the output of the unit that builds it: dependency.images.outputs.iso_path
                proxmox-nodes registry/terragrunt.hcl:6:38
                  proxmox_node_names of registry: pve01 is listed more than once
                  one upload to a node is enough
                  keep one of them
                proxmox-nodes registry/terragrunt.hcl:7:28
                  proxmox_node_hostnames of registry: 1 hostnames for 2 nodes
                  a node or a hostname is missing, or one is left over
                  list one hostname for each node, or none at all
                """);
    }

    @Test
    void anUploadOfWhatIsNoDependency() throws Exception {
        images("images");
        unit("registry", "talos_proxmox_upload", """
                inputs = {
                  iso_path             = "../images/build/talos-iso/images-v1.11.5.iso"
                  iso_name             = "images-v1.11.5.iso"
                  proxmox_datastore_id = "resources"
                  proxmox_node_names   = ["pve01"]
                }
                """);
        finds("""
                iso-not-made-here registry/terragrunt.hcl:3:26
                  iso_path of registry: images builds it, but is not a dependency
                  the upload may run before the ISO is built, and then sends an old one
                  add a dependency block, and use dependency.images.outputs.iso_path
                """);
    }

    @Test
    void secretsAreFoundAndNeverRepeated() throws Exception {
        unit("cluster", "talos_config", """
                inputs = {
                  proxmox = { api_token = "ada=0f1e2d", endpoint = "https://pve" }
                  token   = get_env("TOKEN", "none")
                  secret_name     = "harmless"
                  tls_private_key = "/run/key.pem"
                }
                """);
        images("images", "kernel_args = [\"talos.config=https://ada:0f1e2d@example.net/a.yaml\"]");
        List<LintFinding> findings = look(tree);
        assertEquals("""
                secret-in-plain-text cluster/terragrunt.hcl:3:27
                  proxmox.api_token of cluster: a secret is written here as plain text
                  anyone who can read the tree can use it, even after it is removed from the last commit
                  change the secret, and read it with get_env or sops_decrypt_file
                secret-in-plain-text
                  kernel_args of images: the URL of talos.config contains a password
                  it goes into the installer image and the ISO, where anyone can read it
                  change the password, and remove it from the URL
                """, text(tree, findings));
        assertEquals(
                """
                {"rule":"secret-in-plain-text","unit":"cluster","message":"proxmox.api_token of cluster: a secret is written here \
                as plain text","reason":"anyone who can read the tree can use it, even after it is removed from the last \
                commit","remedy":"change the secret, and read it with get_env or sops_decrypt_file","file":"%s","line":3,\
                "column":27,"snippet":"  proxmox = { api_token = \\"…\\""}""".formatted(tree.resolve("cluster/terragrunt.hcl")),
                findings.getFirst().toJson().compact());
        assertEquals(
                "proxmox.api_token of cluster: a secret is written here as plain text [secret-in-plain-text]",
                findings.getFirst().toProblem().what());
        assertEquals(Problem.Kind.INVALID_INPUT, findings.getFirst().toProblem().kind());
    }

    @Test
    void mocksOnTheirWayIntoAnApply() throws Exception {
        images("images");
        String dependency = """
                dependency "images" {
                  config_path  = "../images"
                  mock_outputs = { installer_image = "mock" }
                  %s
                }
                """;
        unit("a", "talos_config", dependency.formatted(""));
        unit(
                "b",
                "talos_config",
                dependency.formatted("mock_outputs_allowed_terraform_commands = [\"validate\", \"apply\"]"));
        unit(
                "c",
                "talos_config",
                dependency.formatted(
                        "mock_outputs_allowed_terraform_commands = [\"validate\", \"plan\", \"destroy\"]"));
        finds("""
                mock-reaches-apply a/terragrunt.hcl:4:3
                  dependency "images" of a: its mock outputs are not limited to read-only commands
                  while real outputs are missing, Terragrunt applies this unit with mocks
                  write: mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
                mock-reaches-apply b/terragrunt.hcl:5:45
                  dependency "images" of b: its mock outputs are allowed for an apply
                  while real outputs are missing, Terragrunt applies this unit with mocks
                  write: mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
                """);
    }

    @Test
    void nothingIsReportedAboutMockedValues() throws Exception {
        unit("extension", "talos_extension", """
                inputs = {
                  name               = "hello"
                  version            = "1.0.0"
                  extension_registry = "ghcr.io/acme/hello"
                }
                """);
        unit("images", "talos_images", """
                dependency "extension" {
                  config_path  = "../extension"
                  mock_outputs = { extension_image = "ghcr.io/acme/hello" }
                }
                locals {
                  custom = [dependency.extension.outputs.extension_image]
                }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/installer"
                  custom_extensions  = local.custom
                }
                """);
        finds("");
    }

    @Test
    void theExampleHasOnlyWhatItsCommentsSay() {
        Path live = Path.of("examples/live").toAbsolutePath();
        assertEquals("""
                talos-platform-shared common/install-schematic.hcl:6:5
                  kernel_args of artifacts/images: "talos.platform=metal" is in arguments that several artifacts share
                  each keeps its own platform (installer: metal, ISO: nocloud), so this one is ignored
                  remove it; installer_platform and iso_platform choose platforms
                kernel-args-not-installed common/install-schematic.hcl:5:25
                  kernel_args of artifacts/images: a node started by a BIOS does not keep them when it is installed
                  GRUB's command line on the disk comes from the machine configuration, not from the installer:
                - removed: intel_iommu=on iommu=pt mitigations=off
                - restored: init_on_alloc=1
                  add to the machine configuration:
                machine:
                  install:
                    extraKernelArgs:
                      - intel_iommu=on
                      - iommu=pt
                      - -init_on_alloc
                      - mitigations=off
                      - net.ifnames=0
                      - console=tty0
                      - console=ttyS0
                extension-by-tag common/install-schematic.hcl:17:31
                  official_extensions of artifacts/images: 4 extensions by tag only: ghcr.io/siderolabs/intel-ucode:20250812, \
                ghcr.io/siderolabs/qemu-guest-agent:10.0.2, ghcr.io/siderolabs/crun:1.24, ghcr.io/siderolabs/ctr:v2.1.5
                  a tag can move; the same tree then builds another image
                  add the digests: NAME:TAG@sha256:…
                """, text(live, look(live)));
    }

    @Test
    void theSharedTreeHasOnlyWhatIsTrue() throws Exception {
        Path from = Path.of("core/src/test/resources/trees/shared-artifacts");
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                write(from.relativize(file).toString(), Files.readString(file));
            }
        }
        Files.createDirectories(tree.resolve(".git"));
        Path live = tree.resolve("live");
        String mock = """
                mock-reaches-apply clusters/%1$s/%2$s/terragrunt.hcl:%4$d:3
                  dependency "%3$s" of clusters/%1$s/%2$s: its mock outputs are not limited to read-only commands
                  while real outputs are missing, Terragrunt applies this unit with mocks
                  write: mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
                """;
        assertEquals(
                """
                kernel-args-contradict common/install-schematic.hcl:18:17
                  kernel_args of artifacts/images: "-init_on_alloc" and "init_on_alloc=0" contradict each other
                  one removes what the other sets; in this order the command line has init_on_alloc=0
                  keep one of them; to replace Talos' value, remove exactly that: -init_on_alloc=1
                installed-otherwise artifacts/images/terragrunt.hcl:41:27
                  installer_platform of artifacts/images: a node started by UEFI changes when it is installed
                  the ISO boots for nocloud, the installed system for metal:
                - network cards: eth0 becomes enp0s2 or the like (net.ifnames=0 is only in the ISO)
                - configuration: the cloud-init drive is no longer read
                  to keep everything: installer_platform = "nocloud"
                to stay with metal: installer_platform = "metal", and in kernel_args: "net.ifnames=0"
                kernel-args-not-installed common/install-schematic.hcl:18:17
                  kernel_args of artifacts/images: a node started by a BIOS does not keep them when it is installed
                  GRUB's command line on the disk comes from the machine configuration, not from the installer:
                - removed: init_on_alloc=0
                - restored: init_on_alloc=1
                  add to the machine configuration:
                machine:
                  install:
                    extraKernelArgs:
                      - -init_on_alloc
                      - init_on_alloc=0
                      - console=tty0
                      - console=ttyS0
                extension-by-tag common/install-schematic.hcl:12:25
                  official_extensions of artifacts/images: 4 extensions by tag only: ghcr.io/siderolabs/crun:1.24, \
                ghcr.io/siderolabs/ctr:v2.1.5, ghcr.io/siderolabs/intel-ucode:20250812, \
                ghcr.io/siderolabs/qemu-guest-agent:10.0.2
                  a tag can move; the same tree then builds another image
                  add the digests: NAME:TAG@sha256:…
                """
                        + mock.formatted("cluster-101", "compute", "registry", 11)
                        + mock.formatted("cluster-101", "config", "images", 15)
                        + mock.formatted("cluster-102", "compute", "registry", 11)
                        + mock.formatted("cluster-102", "config", "images", 15),
                text(live, look(live)));
    }

    @Test
    void outputsThatTerragruntWouldNotFindAreReportedOnceWithTheLineToWrite() throws Exception {
        write("root.hcl", "remote_state {\n  backend = \"s3\"\n  config  = { bucket = \"b\", key = \"k\" }\n}\n");
        write("own.hcl", """
                remote_state = {
                  backend = "local"
                  config = {
                    path = "terragrunt-cache/${path_relative_to_include()}/terraform.tfstate"
                  }
                }
                """);
        String images = """
                include "root" {
                  path = find_in_parent_folders("%s")
                }
                terraform { source = "%s" }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "ghcr.io/acme/%s"
                  iso_name           = "%3$s-v1.11.5.iso"
                  %s
                }
                """;
        write("a/terragrunt.hcl", images.formatted("root.hcl", "../modules//talos_images", "a", ""));
        write("b/terragrunt.hcl", images.formatted("root.hcl", "../modules//talos_images", "b", ""));
        write("c/terragrunt.hcl", images.formatted("root.hcl", "m//talos_images", "c", "catalog_path = \"c.json\""));
        write("d/terragrunt.hcl", images.formatted("own.hcl", "../modules//talos_images", "d", ""));
        String git = "git::https://example.com/m.git//talos_images?ref=v1";
        write("e/terragrunt.hcl", images.formatted("own.hcl", git, "e", ""));
        write("f/terragrunt.hcl", images.formatted("own.hcl", git, "f", ""));
        unit("x", "network", "remote_state {\n  backend = \"s3\"\n  config  = {}\n}\n");
        finds("""
                outputs-out-of-reach root.hcl:1:1
                  remote_state of a: it is kept in s3, but talos-forge records outputs only beside the unit
                  Terragrunt gives units that depend on it mock outputs, or outputs left by one of its earlier runs
                  add to the unit a remote_state block with backend = "local" and config = { path = "${get_terragrunt_dir()}/terraform.tfstate" }, \
                or pass them in a file: catalog_path
                outputs-out-of-reach own.hcl:1:16
                  remote_state of e: its path is relative to a folder that Terragrunt names after the source \
                git::https://example.com/m.git//talos_images?ref=v1
                  Terragrunt gives units that depend on it mock outputs, or outputs left by one of its earlier runs
                  write: path = "${get_terragrunt_dir()}/terragrunt-cache/${path_relative_to_include()}/terraform.tfstate"
                """);
    }

    @Test
    void theDocumentationListsEveryCheckWithItsReason() throws Exception {
        String page = Files.readString(Path.of("docs/configuration.md"));
        String table = Arrays.stream(LintRule.values())
                .map(check -> "| `%s` | %s |\n".formatted(check.id(), check.reason()))
                .collect(Collectors.joining());
        int start = page.indexOf("| check | reason |\n| --- | --- |\n");
        assertTrue(start >= 0, "docs/configuration.md has no table of checks");
        int rows = page.indexOf("| `", start);
        int end = page.indexOf("\n\n", rows);
        assertEquals(table, page.substring(rows, end < 0 ? page.length() : end + 1));
    }
}
