package dev.talosforge.pipeline.lint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Terraform modules of Talos trees that stages of ours take the place of; as they are in
 * {@code terraform/infra/modules} of github.com/sulibot/home-ops, which had them before and after the modules that the
 * stages are called after.
 *
 * @param what it is
 * @param why what it does otherwise
 * @param remedy what to write instead
 */
record ReplacedModules(String what, String why, String remedy) {
    private static final String LISTS = """
            talos_system_extensions is official_extensions, talos_custom_extensions is custom_extensions,
            talos_extra_kernel_args is kernel_args""";

    /** The first of these modules that is known; null for none. */
    static @Nullable ReplacedModules of(List<String> modules) {
        for (String module : modules) {
            ReplacedModules replaced = of(module);
            if (replaced != null) {
                return replaced;
            }
        }
        return null;
    }

    private static @Nullable ReplacedModules of(String module) {
        return switch (module) {
            case "talos_install_schematic" ->
                new ReplacedModules(
                        "talos_images takes its place",
                        "it requests a schematic from the Image Factory, which cannot contain custom extensions",
                        """
                        write: source = "…//talos_images", with talos_version and installer_registry
                        %s
                        clusters use installer_image instead of schematic_id""".formatted(LISTS));
            case "talos_proxmox_image" ->
                new ReplacedModules(
                        "talos_images and talos_proxmox_upload take its place",
                        "it makes each node download an ISO from the Image Factory, which cannot contain custom extensions",
                        """
                        write a unit with source = "…//talos_images", and one that depends on it with source = "…//talos_proxmox_upload"
                        %s,
                        talos_platform is iso_platform, talos_architecture is architecture, file_name_prefix is iso_name
                        the second one gets iso_path and iso_name from the first""".formatted(LISTS));
            case "talos_custom_installer" ->
                new ReplacedModules(
                        "talos_images takes its place",
                        "it needs Docker and the Image Factory, and leaves the installer on the machine that built it",
                        "write: source = \"…//talos_images\"; output_registry is installer_registry; installer and ISO are "
                                + "then built from the same parts");
            case "talos_custom_boot_iso" ->
                new ReplacedModules(
                        "talos_images takes its place",
                        "it needs Docker, and builds no installer from the same parts; its kernel_args are not in the ISO",
                        "write: source = \"…//talos_images\", with installer_registry; output_dir is iso_output_dir");
            default -> null;
        };
    }
}
