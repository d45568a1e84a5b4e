/** What the evaluations of one command share: files as units see them, kept results, and what a unit needed. */
@NullMarked
package dev.talosforge.config.terragrunt.run;

import org.jspecify.annotations.NullMarked;
