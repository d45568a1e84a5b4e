/** What is sent to Proxmox and received from it, as plain data. */
@NullMarked
package dev.talosforge.proxmox.api;

import org.jspecify.annotations.NullMarked;
