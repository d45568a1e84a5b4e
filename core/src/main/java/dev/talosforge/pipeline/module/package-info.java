/** The Terraform modules that run our stages: their files, and what a tree needs in addition. */
@NullMarked
package dev.talosforge.pipeline.module;

import org.jspecify.annotations.NullMarked;
