package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Problem;
import java.util.List;

/**
 * The value of a file that others read.
 *
 * @param unsupported what could not be done for it; everybody who reads the file is told
 * @param fromOutputs whether it depends on what units gave out when they were last applied
 */
record KeptValue(Value value, List<Problem> unsupported, boolean fromOutputs) {}
