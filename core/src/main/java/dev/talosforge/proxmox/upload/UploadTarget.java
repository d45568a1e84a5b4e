package dev.talosforge.proxmox.upload;

import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file to be put on a storage, as far as the server has to be asked about it: without its content.
 *
 * @param size in bytes
 * @param nodes that have to see it; empty for all nodes of the cluster
 * @param fetched whether the nodes download it themselves
 */
public record UploadTarget(
        String storage, ContentType type, String fileName, long size, List<String> nodes, boolean fetched) {
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

    public UploadTarget {
        fileName = VolumeName.asStored(type, fileName);
        nodes = List.copyOf(nodes);
    }

    public static UploadTarget of(UploadRequest request) {
        return new UploadTarget(
                request.storage(),
                request.type(),
                request.fileName(),
                request.content().size(),
                request.nodes(),
                request.from() != null);
    }

    /** What is wrong whatever the server says. */
    public List<Problem> objections() {
        List<Problem> problems = new ArrayList<>();
        String objection = VolumeName.objection(type, fileName);
        if (objection != null) {
            problems.add(wrong(objection, "iso_name = \"%s\"".formatted(VolumeName.suggestion(type, fileName))));
        }
        if (size == 0) {
            problems.add(wrong("the file is empty", null));
        }
        if (!storage.matches("[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]")) {
            problems.add(wrong("\"%s\" is not a storage name".formatted(storage), "pvesm status"));
        }
        return problems;
    }

    /** What is wrong for a server of this version. */
    public List<Problem> objections(String version) {
        Matcher number = VERSION.matcher(version);
        if (type != ContentType.IMPORT || !number.lookingAt()) {
            return List.of();
        }
        int major = Integer.parseInt(number.group(1));
        int minor = Integer.parseInt(number.group(2));
        boolean packed = fileName.endsWith(".ova");
        if (major > 8 || (major == 8 && minor >= (packed ? 3 : 4))) {
            return List.of();
        }
        String needed = packed ? "8.3" : "8.4";
        return List.of(Problem.failed(Problem.Kind.NOT_SUPPORTED, "cannot upload %s to Proxmox".formatted(fileName))
                .because("Proxmox VE %s does not take such disk images; %s does".formatted(version, needed))
                .trying("upgrade Proxmox VE to %s or later".formatted(needed)));
    }

    private Problem wrong(String why, @Nullable String remedy) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, "cannot upload %s to Proxmox".formatted(fileName))
                .because(why)
                .trying(remedy);
    }
}
