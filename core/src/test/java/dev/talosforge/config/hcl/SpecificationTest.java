package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rules of the HCL native syntax specification, each by its section and name. */
class SpecificationTest {
    @TestFactory
    Stream<DynamicTest> rules() throws IOException {
        return HclRules.all().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.name(),
                        () -> assertEquals(
                                rule.ours(),
                                HclOracle.ours(rule.question()),
                                rule.question().text())));
    }
}
