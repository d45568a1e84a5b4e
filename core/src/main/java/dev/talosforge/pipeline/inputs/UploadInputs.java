package dev.talosforge.pipeline.inputs;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadRequest.Conflict;
import dev.talosforge.proxmox.api.UploadRequest.Naming;
import dev.talosforge.proxmox.api.VolumeName;
import dev.talosforge.state.TerragruntCache;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of {@code talos_proxmox_upload}, checked.
 *
 * @param directory of the unit
 * @param content of the ISO, so that it need not be here; null if it has to be
 * @param isoName as Proxmox stores it
 * @param from where the nodes download the file themselves; null to send it
 */
public record UploadInputs(
        Path directory,
        Path iso,
        @Nullable Sha256 content,
        String isoName,
        String datastore,
        List<String> nodes,
        List<String> hostnames,
        ContentType type,
        Naming naming,
        Conflict conflict,
        boolean verifies,
        @Nullable URI from,
        @Nullable String talosVersion,
        @Nullable String kubernetesVersion)
        implements StageInputs {
    private static final String NAME = "iso_name";
    private static final String CONTENT = "iso_sha256";

    public static final List<String> NAMES = List.of(
            "iso_path",
            "iso_name",
            CONTENT,
            "proxmox_datastore_id",
            "proxmox_node_names",
            "proxmox_node_hostnames",
            "proxmox_iso_name",
            "proxmox_name_taken",
            "proxmox_verify_stored",
            "proxmox_content_type",
            "proxmox_download_url",
            "talos_version",
            "kubernetes_version");

    /** The folder of the unit, also if a module is run in Terragrunt's cache: uploads are recorded there. */
    public Path unit() {
        return TerragruntCache.unitFolder(directory);
    }

    /**
     * The file's name on the storage, as far as is known without reading the storage.
     *
     * @param content of the file; null if it is not known, which only a name by content needs
     */
    public String fileName(@Nullable Sha256 content) {
        return naming == Naming.CONTENT && content != null ? VolumeName.ofContent(isoName, content) : isoName;
    }

    /** The names that the content may have on the storage, the preferred one first. */
    public List<String> fileNames(Sha256 content) {
        String own = VolumeName.ofContent(isoName, content);
        return naming == Naming.CONTENT || own.equals(isoName) ? List.of(own) : List.of(isoName, own);
    }

    /** The volume id of a file on the storage. */
    public String volume(String fileName) {
        return "%s:%s/%s".formatted(datastore, type.word(), fileName);
    }

    public static UploadInputs read(InputReader in) {
        ContentType type = choice(in, "proxmox_content_type", "iso", "import") ? ContentType.ISO : ContentType.IMPORT;
        UploadInputs inputs = new UploadInputs(
                in.directory(),
                in.directory().resolve(in.required("iso_path")).normalize(),
                content(in),
                VolumeName.asStored(type, in.required(NAME)),
                in.required("proxmox_datastore_id"),
                in.texts("proxmox_node_names"),
                in.texts("proxmox_node_hostnames"),
                type,
                choice(in, "proxmox_iso_name", "stable", "content") ? Naming.STABLE : Naming.CONTENT,
                choice(in, "proxmox_name_taken", "replace", "refuse") ? Conflict.REPLACE : Conflict.REFUSE,
                !choice(in, "proxmox_verify_stored", "false", "true"),
                address(in),
                in.optional("talos_version"),
                in.optional("kubernetes_version"));
        String objection = VolumeName.objection(type, inputs.isoName());
        boolean known = in.text("proxmox_content_type", type.word()).equals(type.word());
        if (objection != null && known && !inputs.isoName().isEmpty() && in.isReal(NAME)) {
            in.wrong(
                    NAME,
                    NAME,
                    "is \"%s\": %s".formatted(inputs.isoName(), objection),
                    "iso_name = \"%s\"".formatted(VolumeName.suggestion(type, inputs.isoName())));
        }
        if (inputs.nodes().isEmpty()) {
            in.wrong("proxmox_node_names", "names no node");
        }
        in.finish();
        return inputs;
    }

    /** Whether it is the first, which is the default. */
    private static boolean choice(InputReader in, String name, String usual, String other) {
        String text = in.text(name, usual);
        if (!text.equals(usual) && !text.equals(other)) {
            in.wrong(name, "is \"%s\"; it must be \"%s\" or \"%s\"".formatted(text, usual, other));
        }
        return text.equals(usual);
    }

    private static @Nullable Sha256 content(InputReader in) {
        String text = in.optional(CONTENT);
        if (text == null || !in.isReal(CONTENT)) {
            return null; // the digest of a mock is that of no file
        }
        Sha256 digest = Sha256.tryHex(text);
        if (digest == null) {
            in.wrong(CONTENT, "is not a SHA-256, which has 64 hexadecimal digits");
        }
        return digest;
    }

    private static @Nullable URI address(InputReader in) {
        String name = "proxmox_download_url";
        String text = in.optional(name);
        if (text == null) {
            return null;
        }
        try {
            URI uri = URI.create(text);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Reported below in the same words.
        }
        in.wrong(name, "is not an HTTP or HTTPS address without credentials");
        return null;
    }
}
