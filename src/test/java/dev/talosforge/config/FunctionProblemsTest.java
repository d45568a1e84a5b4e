package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.StandardFunctions;
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
        return Stream.of(new String[][] {
                    {
                        "substr(\"a\", true, 1)",
                        "INVALID_INPUT cannot call substr: argument 2 (offset): a number was expected, it is a bool"
                    },
                    {
                        "substr(\"a\", 0.5, 1)",
                        "INVALID_INPUT cannot call substr: argument 2 (offset): a whole number of 64 bits was expected, it is 0.5"
                    },
                    {
                        "max(1, 2, \"x\")",
                        "INVALID_INPUT cannot call max: argument 3 (numbers): a number was expected, it is \"x\""
                    },
                    {
                        "lenght([])",
                        "INVALID_INPUT unknown function \"lenght\": there is no function of this name | did you mean \"length\"?"
                    },
                    {
                        "timestanp()",
                        "INVALID_INPUT unknown function \"timestanp\": there is no function of this name | did you mean \"timestamp\"?"
                    },
                    {
                        "timestamp()",
                        "NOT_SUPPORTED cannot call timestamp: its result differs from run to run, and the same inputs must give the same images | write the time down, or hand it in: get_env(\"BUILD_TIME\")"
                    },
                    {
                        "plantimestamp()",
                        "NOT_SUPPORTED cannot call plantimestamp: its result differs from run to run, and the same inputs must give the same images | write the time down, or hand it in: get_env(\"BUILD_TIME\")"
                    },
                    {
                        "uuid()",
                        "NOT_SUPPORTED cannot call uuid: its result differs from run to run, and the same inputs must give the same images | make it from a name: uuidv5(\"dns\", \"example.com\")"
                    },
                    {
                        "bcrypt(\"x\")",
                        "NOT_SUPPORTED cannot call bcrypt: its result differs from run to run, and the same inputs must give the same images | write the hash down, or take it from sops_decrypt_file"
                    },
                    {
                        "try(uuid(), 1)",
                        "NOT_SUPPORTED cannot call uuid: its result differs from run to run, and the same inputs must give the same images | make it from a name: uuidv5(\"dns\", \"example.com\")"
                    },
                    {
                        "convert(1, 2)",
                        "NOT_SUPPORTED cannot call convert: it takes a type as its argument | use tolist, toset, tomap, tostring and so on"
                    },
                    {
                        "type(1)",
                        "NOT_SUPPORTED cannot call type: it is for looking at values in a console | look at the result of: talos-forge render"
                    },
                    {
                        "list(1)",
                        "INVALID_INPUT cannot call list: Terraform has not had this function since version 0.12 | write tolist([...])"
                    },
                    {
                        "map(\"a\", 1)",
                        "INVALID_INPUT cannot call map: Terraform has not had this function since version 0.12 | write tomap({...})"
                    },
                    {
                        "slice(toset([\"a\"]), 0, 1)",
                        "INVALID_INPUT cannot call slice: argument 1 (list): a list was expected, it is a set | make a list of it: tolist(...)"
                    },
                    {
                        "chunklist([1, []], 1)",
                        "INVALID_INPUT cannot call chunklist: argument 1 (list): its items have no type in common"
                    },
                    {
                        "setunion([1], [[]])",
                        "INVALID_INPUT cannot call setunion: the items of the sets have no type in common"
                    },
                    {
                        "matchkeys([1], [1], [[]])",
                        "INVALID_INPUT cannot call matchkeys: argument 3 (searchset): keys and searched values have no type in common"
                    },
                    {
                        "lookup(tomap({a = 1}), \"b\", [])",
                        "INVALID_INPUT cannot call lookup: argument 3 (default): the default is of another type than the members of the map"
                    },
                    {"pow(10, 400)", "INVALID_INPUT cannot call pow: it has no finite result"},
                    {"format(\"%d\", 1.5)", "INVALID_INPUT cannot call format: %d takes a whole number, it is 1.5"},
                    {
                        "format(\"%*d\", 1, 2)",
                        "INVALID_INPUT cannot call format: argument 1 (format): there is no verb %*"
                    },
                    {"format(\"a\", 1)", "INVALID_INPUT cannot call format: 1 values are given, the pattern uses 0"},
                    {
                        "regex(\"a++\", \"a\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): it is not a regular expression: invalid nested repetition operator: ++"
                    },
                    {
                        "regex(\"(a)\\\\1\", \"a\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): it is not a regular expression: invalid escape sequence: \\1"
                    },
                    {
                        "regex(\"\\\\é\", \"a\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): it is not a regular expression: é cannot follow a backslash"
                    },
                    {
                        "regex(\"(?P<x>a)(b)\", \"ab\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): either all groups have names or none has"
                    },
                    {
                        "regex(\"((a{30}){30}){30}\", \"a\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): the regular expression repeats something more than 1000 times"
                    },
                    {
                        "regex(join(\"\", [for i in range(100) : \"a{999}\"]), \"a\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): the regular expression has more than 50000 parts when its repetitions are written out"
                    },
                    {
                        "regex(join(\"\", [for i in range(300) : \"(\"]), \"a\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): the regular expression is nested more than 200 levels deep"
                    },
                    {
                        "regex(join(\"\", [for i in range(1024) : \"aaaaaaaaaaaaaaaaaaaa\"]), \"a\")",
                        "INVALID_INPUT cannot call regex: argument 1 (pattern): the regular expression has more than 20000 characters"
                    },
                    {
                        "textencodebase64(\"a\", \"UTF-17\")",
                        "INVALID_INPUT cannot call textencodebase64: argument 2 (encoding): there is no encoding \"UTF-17\" | did you mean \"UTF-16\"?"
                    },
                    {
                        "textencodebase64(\"€\", \"latin1\")",
                        "INVALID_INPUT cannot call textencodebase64: argument 1 (string): it has characters that ISO-8859-1 does not have"
                    },
                    {
                        "base64decode(\"YQ\")",
                        "INVALID_INPUT cannot call base64decode: argument 1 (str): it is not base64: its length is no multiple of 4"
                    },
                    {
                        "base64gunzip(\"YWJj\")",
                        "INVALID_INPUT cannot call base64gunzip: argument 1 (str): what it encodes is not in gzip's format"
                    },
                    {
                        "urldecode(\"%4\")",
                        "INVALID_INPUT cannot call urldecode: argument 1 (str): behind a % stand two digits to the base 16"
                    },
                    {
                        "csvdecode(\"a\\n\\\"x\")",
                        "INVALID_INPUT cannot call csvdecode: argument 1 (str): in row 2 a quoted field has no end"
                    },
                    {
                        "csvdecode(\"a\\n\\\"x\\\"y\")",
                        "INVALID_INPUT cannot call csvdecode: argument 1 (str): in row 2 something follows a quoted field"
                    },
                    {
                        "csvdecode(\"a\\nx\\\"y\")",
                        "INVALID_INPUT cannot call csvdecode: argument 1 (str): in row 2 a quote stands within a field"
                    },
                    {
                        "csvdecode(\"a,a\")",
                        "INVALID_INPUT cannot call csvdecode: argument 1 (str): two columns have the name \"a\""
                    },
                    {
                        "timecmp(\"2018-01-02T3:12:01Z\", \"x\")",
                        "INVALID_INPUT cannot call timecmp: argument 1 (timestamp_a): a time like 2025-11-23T08:00:00Z was expected, it is \"2018-01-02T3:12:01Z\""
                    },
                    {
                        "timeadd(\"2018-01-02T03:12:01Z\", \"1d\")",
                        "INVALID_INPUT cannot call timeadd: argument 2 (duration): a duration like 1h30m was expected, it is \"1d\""
                    },
                    {
                        "cidrcontains(\"10.0.0.0/8\", \"::1\")",
                        "INVALID_INPUT cannot call cidrcontains: argument 2 (contained_ip_or_prefix): one is of IPv4 and the other of IPv6"
                    },
                    {
                        "cidrsubnets(\"fd00::/48\", 33)",
                        "INVALID_INPUT cannot call cidrsubnets: argument 2 (newbits): a whole number from 1 to 32 was expected, it is 33"
                    },
                    {
                        "yamldecode(\"&x [*x]\")",
                        "INVALID_INPUT cannot call yamldecode: argument 1 (src): the anchor \"x\" holds its own alias"
                    },
                    {
                        "yamldecode(\"!foo x\")",
                        "INVALID_INPUT cannot call yamldecode: argument 1 (src): the YAML tag !foo is not supported"
                    },
                    {
                        "yamldecode(\".nan\")",
                        "INVALID_INPUT cannot call yamldecode: argument 1 (src): the number .nan is not finite"
                    },
                    {
                        "yamldecode(\"<<: 1\")",
                        "INVALID_INPUT cannot call yamldecode: argument 1 (src): << merges mappings, it is a number"
                    },
                    {
                        "yamldecode(\"~: 1\")",
                        "INVALID_INPUT cannot call yamldecode: argument 1 (src): a mapping's key is null"
                    },
                    {
                        "yamldecode(\"\")",
                        "INVALID_INPUT cannot call yamldecode: argument 1 (src): it is not YAML: there is no document in it"
                    },
                    {
                        "templatestring(\"$${file(\\\"x\\\")}\", {})",
                        "INVALID_INPUT cannot call file: within templatestring it cannot be called: give its result as a variable"
                    },
                    {
                        "templatestring(\"a\", {\"b c\" = 1})",
                        "INVALID_INPUT cannot call templatestring: argument 2 (vars): \"b c\" cannot be the name of a variable"
                    },
                    {
                        "templatestring(\"$${v}\", {v = [1]})",
                        "INVALID_INPUT cannot call templatestring: the template's result is a tuple, not text"
                    },
                    {
                        "pathexpand(\"~bob/x\")",
                        "INVALID_INPUT cannot call pathexpand: argument 1 (path): only one's own home folder can stand for ~, not that of another user"
                    },
                    {"fileset(\".\", \"[\")", "INVALID_INPUT cannot call fileset: argument 2 (pattern): a [ has no end"
                    },
                    {"fileset(\".\", \"{a\")", "INVALID_INPUT cannot call fileset: argument 2 (pattern): a { has no end"
                    },
                    {
                        "fileexists(\"/\")",
                        "INVALID_INPUT cannot call fileexists: argument 1 (path): / is a folder, not a file"
                    },
                    {
                        "rsadecrypt(\"YWJj\", \"x\")",
                        "INVALID_INPUT cannot call rsadecrypt: argument 2 (privatekey): it is not a private key in PEM form without a passphrase"
                    },
                    {
                        "rsadecrypt(\"YWJj\", \"-----BEGIN OPENSSH PRIVATE KEY-----\\nYWJj\\n-----END OPENSSH PRIVATE KEY-----\\n\")",
                        "NOT_SUPPORTED cannot call rsadecrypt: argument 2 (privatekey): keys in OpenSSH's own form are not supported | write it as PEM: ssh-keygen -p -N '' -m PEM -f KEY"
                    },
                })
                .map(c -> DynamicTest.dynamicTest(c[0], () -> {
                    FunctionResult result = FunctionResult.of(c[0]);
                    assertEquals(c[1], result.why());
                    assertNull(result.value());
                }));
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
                        () -> assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                            FunctionResult result = FunctionResult.of(call);
                            assertTrue(
                                    result.value() != null || result.why().endsWith("matching takes too long"),
                                    result::why);
                        })));
    }
}
