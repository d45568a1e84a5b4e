package dev.talosforge.pipeline.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.module.WrittenFile.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModuleFilesTest {
    @ParameterizedTest
    @EnumSource
    void theProgramHasTheFilesOfTheRepository(StageModule module) throws Exception {
        Path folder = Path.of("modules", module.module());
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".tf"))
                    .sorted()
                    .toList();
            assertEquals(ModuleFiles.NAMES, names);
        }
        for (String name : ModuleFiles.NAMES) {
            assertEquals(Files.readString(folder.resolve(name)), ModuleFiles.packed(module, name));
        }
    }

    @Test
    void aFileIsOursUntilItIsChanged() {
        String ours = WrittenFile.signed("", "a\nb\n");
        assertEquals(Origin.OURS, WrittenFile.of(ours));
        assertEquals(Origin.OURS, WrittenFile.of(ours.replace("\n", "\r\n")));
        assertEquals(Origin.OURS, WrittenFile.of(WrittenFile.signed("# theirs\n", "a\n")));
        assertEquals(Origin.CHANGED, WrittenFile.of(ours + "c\n"));
        assertEquals(Origin.CHANGED, WrittenFile.of("# mine\n# mine\n" + ours));
        assertEquals(Origin.OTHERS, WrittenFile.of("a\nb\n"));
        assertEquals(Origin.OTHERS, WrittenFile.of(""));
    }
}
