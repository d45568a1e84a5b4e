package dev.talosforge.format.deb;

import dev.talosforge.tree.FileTree;

/**
 * The contents of a package.
 *
 * @param data the files that installing it would create, without the effects of its scripts
 */
public record DebPackage(DebControl control, FileTree data) {}
