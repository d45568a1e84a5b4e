/** The GRUB core image that a BIOS starts from an ISO or a disk. See docs/formats/grub.md. */
@NullMarked
package dev.talosforge.format.grub;

import org.jspecify.annotations.NullMarked;
