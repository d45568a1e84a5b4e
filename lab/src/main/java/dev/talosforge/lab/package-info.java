/**
 * The stand-in world: everything outside this machine that a build needs, made from Debian packages, so that the whole
 * product can be tried without any internet beyond the package registries. None of it is used when the real base is
 * reachable, and what boots says that it is a stand-in.
 *
 * <p>Only here, programs of this machine are started: {@code apt-get} fetches packages, {@code docker-registry} holds
 * images, QEMU boots them.
 */
@NullMarked
package dev.talosforge.lab;

import org.jspecify.annotations.NullMarked;
