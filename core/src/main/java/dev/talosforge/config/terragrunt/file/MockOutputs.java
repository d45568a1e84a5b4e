package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.Merge;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The {@code mock_outputs} of a dependency: stand-ins for outputs that are not recorded yet. */
final class MockOutputs {
    private MockOutputs() {}

    /** The mocks of a block; null if it has none. */
    static @Nullable SortedMap<String, Value> of(MergedBlocks block) {
        Value value = block.merged("mock_outputs");
        MergedBlocks.Found attribute = block.attribute("mock_outputs");
        if (value == null || attribute == null) {
            return null;
        }
        if (value instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
            return members;
        }
        throw attribute
                .range()
                .problem("cannot use these mock_outputs", "expected an object, found " + value.kindName(), null);
    }

    /** Never for an apply, whatever the file says. */
    static boolean areAllowed(MergedBlocks block, EvaluationSettings settings) {
        if (settings.mocks() == MockPolicy.REAL_ONLY) {
            return false;
        }
        Value allowed = block.merged("mock_outputs_allowed_terraform_commands");
        return allowed == null
                || settings.mocks() == MockPolicy.UNKNOWN_ALLOWED
                || settings.command().equals("render") // as in Terragrunt: a run that only shows has no effect
                || (allowed instanceof Value.Sequence(var _, List<Value> commands)
                        && (commands.isEmpty() || commands.contains(Value.of(settings.command()))));
    }

    /** The outputs to use if there are both mocks and recorded ones. */
    static SortedMap<String, Value> merge(
            MergedBlocks block, SortedMap<String, Value> mocks, SortedMap<String, Value> recorded) {
        MergedBlocks strategies = block.lowest(); // Terragrunt does not merge these attributes.
        MergedBlocks.Found attribute = strategies.attribute("mock_outputs_merge_strategy_with_state");
        String strategy = strategies.is("mock_outputs_merge_with_state", true) ? "shallow" : "no_merge";
        if (attribute != null) {
            strategy = attribute.value() instanceof Value.Text(String text) ? text : "";
        }
        return switch (strategy) {
            case "no_merge" -> recorded;
            case "shallow" -> Merge.inputs(mocks, recorded, false);
            case "deep_map_only" ->
                Merge.deep("it", Value.object(mocks), Value.object(recorded), false)
                                instanceof Value.Mapping(var _, var merged)
                        ? merged
                        : recorded;
            default ->
                throw (attribute == null ? block.header() : attribute.range())
                        .problem(
                                "cannot merge like this",
                                "the strategy is one of no_merge, shallow, deep_map_only",
                                null);
        };
    }
}
