package dev.talosforge.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * How the lab stands.
 *
 * @param filled references of the images that were put into the registry
 * @param environmentFile shell lines that lead a build to the lab; there only after the first {@code lab up}
 */
public record LabStatus(boolean registryRuns, boolean proxmoxRuns, List<String> filled, Path environmentFile) {
    public LabStatus {
        filled = List.copyOf(filled);
    }
}
