/** What an apply was made of: recorded with each apply, compared with by the next plan, proven by verify. */
@NullMarked
package dev.talosforge.provenance;

import org.jspecify.annotations.NullMarked;
