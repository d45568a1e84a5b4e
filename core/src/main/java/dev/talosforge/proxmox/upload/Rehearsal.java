package dev.talosforge.proxmox.upload;

import dev.talosforge.problem.Problem;
import java.util.List;

/**
 * What an upload would do now.
 *
 * @param transfers whether anything would be sent
 * @param roomReported whether the nodes that would receive it reported how much space they have for incoming uploads
 * @param problems what has too little space, or is in the way
 */
public record Rehearsal(boolean transfers, boolean roomReported, List<Problem> problems) {
    public Rehearsal {
        problems = List.copyOf(problems);
    }
}
