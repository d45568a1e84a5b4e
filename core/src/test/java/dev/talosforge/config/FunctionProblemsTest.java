package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.testkit.TextTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What functions refuse, word for word, and that all of them are there. */
class FunctionProblemsTest {
    /** Terraform's and OpenTofu's, of August 2026, and those that are decided in the call itself. */
    private static final String NAMES = """
            abs abspath alltrue anytrue base64decode base64encode base64gunzip base64gzip base64sha256
            base64sha512 basename bcrypt can ceil chomp chunklist cidrcontains cidrhost cidrnetmask cidrsubnet
            cidrsubnets coalesce coalescelist compact concat contains convert csvdecode dirname distinct
            element endswith ephemeralasnull file filebase64 filebase64sha256 filebase64sha512 fileexists
            filemd5 fileset filesha1 filesha256 filesha512 flatten floor format formatdate formatlist indent
            index issensitive join jsondecode jsonencode keys length list log lookup lower map matchkeys max
            md5 merge min nonsensitive one parseint pathexpand plantimestamp pow range regex regexall replace
            reverse rsadecrypt sensitive setintersection setproduct setsubtract setunion sha1 sha256 sha512
            signum slice sort split startswith strcontains strrev substr sum templatefile templatestring
            textdecodebase64 textencodebase64 timeadd timecmp timestamp title tobool tolist tomap tonumber
            toset tostring transpose trim trimprefix trimspace trimsuffix try type upper urldecode urlencode
            uuid uuidv5 values yamldecode yamlencode zipmap
            """;

    @Test
    void knowsEveryFunction() {
        SortedSet<String> ours = FunctionResult.functions(Path.of("/")).names();
        List<String> missing = new ArrayList<>(List.of(NAMES.strip().split("\\s+", -1)));
        missing.removeAll(ours);
        missing.removeAll(List.of("try", "can"));

        assertEquals(List.of(), missing);
        assertTrue(StandardFunctions.table().names().contains("cidrcontains"));
    }

    @TestFactory
    Stream<DynamicTest> texts() {
        return TextTable.of("/functions/problems.tsv").tests((call, problem) -> {
            FunctionResult result = FunctionResult.of(call);
            assertEquals(problem, result.why());
            assertNull(result.value());
        });
    }

    @TestFactory
    Stream<DynamicTest> noMatchHangs() {
        String text = "join(\"\", [for i in range(1000) : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"])";
        return Stream.of(
                        "regexall(\"(a*)*b\", " + text + ")",
                        "regexall(\"(a|aa)+$\", \"${" + text + "}b\")",
                        "regexall(\"(.*){30}x\", " + text + ")",
                        "replace(" + text + ", \"/(a?){100}b|a/\", \"c\")",
                        "regexall(\"a.*b|a\", " + text + ")")
                .map(call -> DynamicTest.dynamicTest(
                        call.substring(0, 30),
                        () -> assertTimeoutPreemptively(Duration.ofMinutes(10), () -> {
                            FunctionResult result = FunctionResult.of(call);
                            assertTrue(
                                    result.value() != null || result.why().endsWith("matching takes too long"),
                                    result::why);
                        })));
    }
}
