package dev.talosforge.talos;

/** What is built; the kernel command line differs between them. */
public enum OutputKind {
    ISO,
    INSTALLER
}
