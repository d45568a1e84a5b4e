package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Problem;
import java.util.List;

/**
 * The value of a file that others read.
 *
 * @param unsupported what it needed and is not supported; every reader of the file gets it
 * @param fromOutputs whether it depends on outputs that units recorded when they were last applied
 */
record KeptValue(Value value, List<Problem> unsupported, boolean fromOutputs) {}
