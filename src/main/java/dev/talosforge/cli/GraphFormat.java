package dev.talosforge.cli;

/** How a graph of units is written. */
enum GraphFormat {
    TEXT,
    DOT,
    MERMAID
}
