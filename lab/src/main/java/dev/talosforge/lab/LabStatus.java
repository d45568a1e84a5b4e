package dev.talosforge.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * The state of the lab.
 *
 * @param filled references of the images in the registry
 * @param environmentFile shell lines that make a build use the lab; exists after the first {@code lab up}
 */
public record LabStatus(boolean registryRuns, boolean proxmoxRuns, List<String> filled, Path environmentFile) {
    public LabStatus {
        filled = List.copyOf(filled);
    }
}
