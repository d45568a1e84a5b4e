/** What is said to Proxmox and by it, as plain data. */
@NullMarked
package dev.talosforge.proxmox.api;

import org.jspecify.annotations.NullMarked;
