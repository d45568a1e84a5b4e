package dev.talosforge.pipeline.inputs;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of the Terraform modules that our stages stand in for, if they have other names here, or no meaning:
 * those of {@code terraform/infra/modules} of github.com/sulibot/home-ops.
 */
final class TheirInputs {
    private static final String REGION = "region";

    /** Names of later modules of theirs, and what they are here. */
    private static final Map<String, String> IMAGES = Map.of(
            "talos_extra_kernel_args", "kernel_args",
            "talos_system_extensions", "official_extensions",
            "talos_custom_extensions", "custom_extensions",
            "talos_platform", "iso_platform",
            "talos_architecture", "architecture",
            "output_registry", "installer_registry",
            "output_dir", "iso_output_dir",
            "file_name_prefix", "iso_name");

    private static final Map<String, String> EXTENSION = Map.of(
            "extension_name", "name",
            "registry", "extension_registry = \"REGISTRY/IMAGE\"",
            "image_name", "extension_registry = \"REGISTRY/IMAGE\"",
            "source_repo", "sources = [{ archive = … }], or { build = … }",
            "source_ref", "sources = [{ archive = … }], or { build = … }",
            "frr_version", "sources = [{ debian_packages = [\"frr\"] }]");

    private TheirInputs() {}

    /** Those that their module accepts and ignores. */
    static List<String> unused(@Nullable String module) {
        return switch (StageModule.of(module)) {
            case IMAGES ->
                List.of(
                        "proxmox_datastore_id",
                        "proxmox_node_hostnames",
                        "proxmox_node_names",
                        REGION,
                        "upload_to_proxmox");
            case UPLOAD, EXTENSION -> List.of(REGION);
            case null -> List.of();
        };
    }

    /** Inputs with other names here: the name of an input, or what to write. */
    static SortedMap<String, String> meanings(@Nullable String module) {
        return switch (StageModule.of(module)) {
            case IMAGES -> new TreeMap<>(IMAGES);
            case EXTENSION -> new TreeMap<>(EXTENSION);
            case UPLOAD -> new TreeMap<>();
            case null -> new TreeMap<>();
        };
    }
}
