/** One conversation with a cluster: login, nodes, privileges, tasks, and what went wrong. */
@NullMarked
package dev.talosforge.proxmox.session;

import org.jspecify.annotations.NullMarked;
