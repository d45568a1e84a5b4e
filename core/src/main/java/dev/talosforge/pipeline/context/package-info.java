/** What a build works with: store, registries, Proxmox, workers; and failures of these as problems. */
@NullMarked
package dev.talosforge.pipeline.context;

import org.jspecify.annotations.NullMarked;
