package dev.talosforge.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/** The lab's Proxmox endpoint as a process of its own: this program, started again as {@code lab serve}. */
public interface LabServer {
    /** Which build of the program it is: a process of another build is replaced, because its files are gone. */
    String identity() throws IOException;

    /**
     * The command that runs the endpoint until it is ended.
     *
     * @param folder for its certificates and storages
     * @param port of the loopback interface to listen on
     */
    List<String> command(Path folder, int port);

    /** Environment variables by which a build reaches it, {@code PROXMOX_VE_…}, in the order in which they are shown. */
    SequencedMap<String, String> environment(Path folder, int port);
}
