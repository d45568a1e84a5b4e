package dev.talosforge.lab.pve;

/**
 * The node that a request is for.
 *
 * @param named as in the address, under which permissions are looked up: {@code localhost} is a name of its own
 */
record PveOnNode(String name, String named) {}
