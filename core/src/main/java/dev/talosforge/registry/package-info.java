/** The OCI distribution protocol: authentication, mirrors, pull, push, and explanations of a registry's refusals. */
@NullMarked
package dev.talosforge.registry;

import org.jspecify.annotations.NullMarked;
