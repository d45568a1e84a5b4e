/**
 * Client of the Proxmox VE HTTP API: credentials, preflight, ISO upload, its task, and proof that the file arrived.
 *
 * <p>It speaks HTTP/1.1 on its own sockets: the server puts explanations in the reason phrase, which the JDK's client
 * drops, and misparses a multipart preamble unless it comes in one TLS record.
 */
@NullMarked
package dev.talosforge.proxmox;

import org.jspecify.annotations.NullMarked;
