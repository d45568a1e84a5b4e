/** The commands of the lab, which the command line includes if the lab is installed. */
@NullMarked
package dev.talosforge.lab.command;

import org.jspecify.annotations.NullMarked;
