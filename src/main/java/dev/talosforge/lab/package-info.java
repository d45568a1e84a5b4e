/**
 * The stand-in world: everything that a build meets outside of this machine, made from Debian packages, so that the whole
 * product can be tried without the internet beyond the package registries. Nothing here is used when the real base is
 * reachable, and what boots says that it is a stand-in.
 *
 * <p>Programs of this machine are started here and only here: {@code apt-get} fetches packages, {@code docker-registry}
 * holds images, QEMU boots them.
 */
@NullMarked
package dev.talosforge.lab;

import org.jspecify.annotations.NullMarked;
