package dev.talosforge.lab.pve;

/**
 * The node that a request is for.
 *
 * @param named as it stands in the address, which rights are looked up for: {@code localhost} is one of its own
 */
record PveOnNode(String name, String named) {}
