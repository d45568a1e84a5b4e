/** What storages of Proxmox hold and may hold. */
@NullMarked
package dev.talosforge.proxmox.storage;

import org.jspecify.annotations.NullMarked;
