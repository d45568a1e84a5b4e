package dev.talosforge.pipeline.inputs;

import dev.talosforge.problem.Where;
import dev.talosforge.talos.service.ExtensionServices.Remark;
import org.jspecify.annotations.Nullable;

/**
 * Something in a unit's service file that Talos accepts but that is probably a mistake.
 *
 * @param input {@code service} or {@code sources}
 * @param file the file from the extension's root
 * @param where in the tree; null where it comes from outside
 * @param shown whether the place is the file's own
 */
public record ServiceRemark(String input, String file, Where.@Nullable Source where, boolean shown, Remark remark) {}
