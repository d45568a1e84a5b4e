package dev.talosforge.proxmox.api;

import dev.talosforge.bytes.Sha256;

/**
 * A task that puts a file on a storage, known as soon as the server names it: it continues whether or not anybody
 * waits.
 *
 * @param upid the task's id
 * @param node whose storage gets the file; one of those that share it
 */
public record SentTask(String upid, String fileName, Sha256 sha256, String node) {}
