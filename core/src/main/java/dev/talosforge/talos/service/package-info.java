/** The rules for services of extensions. */
@NullMarked
package dev.talosforge.talos.service;

import org.jspecify.annotations.NullMarked;
