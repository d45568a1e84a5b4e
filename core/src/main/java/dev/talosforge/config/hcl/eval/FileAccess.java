package dev.talosforge.config.hcl.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Gives functions access to files. */
public interface FileAccess {
    /** The file's content; the implementation limits its size. */
    byte[] read(Path file) throws IOException;

    boolean isFile(Path file);

    boolean isFolder(Path file);

    /** The files below a folder, in the order of their paths, relative to it. */
    List<Path> files(Path folder) throws IOException;
}
