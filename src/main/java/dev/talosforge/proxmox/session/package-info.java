/** One conversation with a cluster: login, nodes, privileges, tasks, and what went wrong in words. */
@NullMarked
package dev.talosforge.proxmox.session;

import org.jspecify.annotations.NullMarked;
