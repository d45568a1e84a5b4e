/** What is missing on this machine or forbidden to its credentials, and why a virtual machine does not boot. */
@NullMarked
package dev.talosforge.pipeline.doctor;

import org.jspecify.annotations.NullMarked;
