/**
 * A stand-in for the HTTP API of a Proxmox VE cluster, as strict and as odd as the real one as far as a client that
 * uploads an ISO can notice. What it imitates and what it does not is listed in {@code docs/proxmox.md}.
 */
@NullMarked
package dev.talosforge.lab.pve;

import org.jspecify.annotations.NullMarked;
