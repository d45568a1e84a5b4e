package dev.talosforge.registry;

/** The server that a request goes to, and the repository it is about. */
record Line(Endpoint endpoint, String registry, Scope scope) {}
