/** Puts files on storages of Proxmox. */
@NullMarked
package dev.talosforge.proxmox.upload;

import org.jspecify.annotations.NullMarked;
