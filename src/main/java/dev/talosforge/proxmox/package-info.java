/**
 * Client of the Proxmox VE HTTP API: credentials, preflight, upload of an ISO, its task, and the proof that it arrived.
 *
 * <p>It speaks HTTP/1.1 on its own sockets: the server puts explanations in the reason phrase, which the JDK's client
 * drops, and takes a multipart preamble apart wrongly unless it comes in one TLS record.
 */
@NullMarked
package dev.talosforge.proxmox;

import org.jspecify.annotations.NullMarked;
