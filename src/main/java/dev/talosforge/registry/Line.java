package dev.talosforge.registry;

/** With whom one talks, about what. */
record Line(Endpoint endpoint, String registry, Scope scope) {}
