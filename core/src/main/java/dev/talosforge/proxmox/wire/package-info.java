/** Requests to Proxmox and their answers. */
@NullMarked
package dev.talosforge.proxmox.wire;

import org.jspecify.annotations.NullMarked;
