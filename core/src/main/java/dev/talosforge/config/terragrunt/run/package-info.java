/** What the evaluations of one command have in common: files as units see them, what is kept, what a unit wanted. */
@NullMarked
package dev.talosforge.config.terragrunt.run;

import org.jspecify.annotations.NullMarked;
