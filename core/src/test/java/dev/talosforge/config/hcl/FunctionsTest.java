package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.testkit.TextTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Results as Terraform documents them. */
class FunctionsTest {
    @TestFactory
    Stream<DynamicTest> results() {
        return TextTable.of("/functions/results.tsv").tests((call, result) -> assertEquals(result, HclText.json(call)));
    }
}
