/** The OCI distribution protocol: authentication, mirrors, pull, push, and what a registry's refusals mean. */
@NullMarked
package dev.talosforge.registry;

import org.jspecify.annotations.NullMarked;
