package dev.talosforge.pipeline.doctor;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.problem.BuildException;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.upload.UploadTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an upload whose unit cannot be fully evaluated.
 *
 * @param storage null if unknown
 */
record UploadCheck(@Nullable String storage, List<String> nodes, List<String> hostnames, ContentType type) {
    private static final UploadCheck NOTHING = new UploadCheck(null, List.of(), List.of(), ContentType.ISO);

    UploadCheck {
        nodes = List.copyOf(nodes);
        hostnames = List.copyOf(hostnames);
    }

    static UploadCheck of(TreeSession session, UnitTree.Node node) {
        try {
            Unit unit = session.alone(node);
            return new UploadCheck(
                    text(unit, "proxmox_datastore_id"),
                    texts(unit, "proxmox_node_names"),
                    texts(unit, "proxmox_node_hostnames"),
                    "import".equals(text(unit, "proxmox_content_type")) ? ContentType.IMPORT : ContentType.ISO);
        } catch (BuildException e) {
            return NOTHING; // reported for the unit itself
        }
    }

    /** A file of some content under some name. */
    UploadTarget target() {
        String name = type == ContentType.ISO ? "talos.iso" : "talos.raw";
        return new UploadTarget(Objects.requireNonNull(storage), type, name, 1, nodes, false);
    }

    private static @Nullable String text(Unit unit, String name) {
        return unit.inputs().get(name) instanceof Value.Text(String text) && !text.isEmpty() ? text : null;
    }

    private static List<String> texts(Unit unit, String name) {
        List<String> texts = new ArrayList<>();
        if (unit.inputs().get(name) instanceof Value.Sequence sequence) {
            sequence.items().forEach(item -> {
                if (item instanceof Value.Text(String text)) {
                    texts.add(text);
                }
            });
        }
        return texts;
    }
}
