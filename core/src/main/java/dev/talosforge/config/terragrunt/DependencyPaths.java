package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.file.FileScope;
import dev.talosforge.config.terragrunt.functions.TerragruntFunctions;
import dev.talosforge.config.unit.UnitFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code dependencies} block of a file: units that have to be applied first, without their outputs. */
final class DependencyPaths {
    private DependencyPaths() {}

    static List<Path> of(FileScope file) {
        List<Path> folders = new ArrayList<>();
        for (Body.Block block : file.body().blocks("dependencies")) {
            Body.Attribute attribute = block.body().attribute("paths");
            if (attribute == null) {
                throw block.header().problem("cannot use these dependencies", "the block has no paths", null);
            }
            Value value = file.evaluate(attribute.value());
            if (!(value instanceof Value.Sequence(var _, List<Value> items))) {
                throw attribute
                        .value()
                        .range()
                        .problem("cannot use these paths", "expected a list, found " + value.kindName(), null);
            }
            items.forEach(item -> folders.add(folder(file, attribute, item)));
        }
        return folders;
    }

    private static Path folder(FileScope file, Body.Attribute attribute, Value item) {
        if (!(item instanceof Value.Text(String text))) {
            throw attribute.value().range().problem("cannot use these paths", "one is " + item.kindName(), null);
        }
        Path folder = TerragruntFunctions.path(
                file.context().directory(), text, attribute.value().range());
        if (!file.run().seen().isUnit(folder)) {
            throw attribute
                    .value()
                    .range()
                    .problem(
                            "cannot use path \"" + text + "\"",
                            "there is no %s in %s"
                                    .formatted(UnitFiles.FILE_NAME, file.run().shown(folder)),
                            null);
        }
        return folder;
    }
}
