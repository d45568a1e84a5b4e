package dev.talosforge.proxmox.api;

import dev.talosforge.bytes.Sha256;

/**
 * A task that puts a file on a storage, known from the moment at which the server named it: it goes on whether or not
 * anybody waits for it.
 *
 * @param upid the task's id
 * @param node whose storage gets the file; one of those that share it
 */
public record SentTask(String upid, String fileName, Sha256 sha256, String node) {}
