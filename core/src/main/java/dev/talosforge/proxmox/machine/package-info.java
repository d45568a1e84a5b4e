/** Virtual machines of Proxmox. */
@NullMarked
package dev.talosforge.proxmox.machine;

import org.jspecify.annotations.NullMarked;
