package dev.talosforge.cli.text;

/** How a graph of units is written. */
public enum GraphFormat {
    TEXT,
    DOT,
    MERMAID
}
