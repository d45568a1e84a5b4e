package dev.talosforge.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/** The lab's Proxmox endpoint as a separate process: this program, started again as {@code lab serve}. */
public interface LabServer {
    /** The build of the program: a process of another build is replaced, because its files are gone. */
    String identity() throws IOException;

    /**
     * The command that runs the endpoint until it is stopped.
     *
     * @param folder for its certificates and storages
     * @param port of the loopback interface to listen on
     */
    List<String> command(Path folder, int port);

    /** Environment variables for a build to reach it, {@code PROXMOX_VE_…}, in display order. */
    SequencedMap<String, String> environment(Path folder, int port);
}
