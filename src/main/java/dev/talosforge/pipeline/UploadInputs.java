package dev.talosforge.pipeline;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inputs of {@code talos_proxmox_upload}, checked. */
record UploadInputs(
        Path iso,
        String isoName,
        String datastore,
        List<String> nodes,
        List<String> hostnames,
        @Nullable String talosVersion,
        @Nullable String kubernetesVersion) {
    static final String MODULE = "talos_proxmox_upload";
    static final List<String> NAMES = List.of(
            "iso_path",
            "iso_name",
            "proxmox_datastore_id",
            "proxmox_node_names",
            "proxmox_node_hostnames",
            "talos_version",
            "kubernetes_version");

    static UploadInputs read(InputReader in) {
        UploadInputs inputs = new UploadInputs(
                in.directory().resolve(in.required("iso_path")).normalize(),
                in.required("iso_name"),
                in.required("proxmox_datastore_id"),
                in.texts("proxmox_node_names"),
                in.texts("proxmox_node_hostnames"),
                in.optional("talos_version"),
                in.optional("kubernetes_version"));
        if (inputs.nodes().isEmpty()) {
            in.wrong("proxmox_node_names", "names no node");
        }
        in.finish();
        return inputs;
    }
}
