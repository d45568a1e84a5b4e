/** {@code talos_proxmox_upload}: a boot ISO to Proxmox storage. */
@NullMarked
package dev.talosforge.pipeline.stage.upload;

import org.jspecify.annotations.NullMarked;
