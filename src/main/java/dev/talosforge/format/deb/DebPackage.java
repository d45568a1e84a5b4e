package dev.talosforge.format.deb;

import dev.talosforge.tree.FileTree;

/**
 * A package that was read.
 *
 * @param data the files that installing it would create; what its scripts would do is not in it
 */
public record DebPackage(DebControl control, FileTree data) {}
