package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Results as Terraform documents them. */
class FunctionsTest {
    @TestFactory
    Stream<DynamicTest> results() {
        return Stream.of(new String[][] {
                    {"title(\"hello world\")", "\"Hello World\""},
                    {"join(\", \", [\"a\", \"b\"], [\"c\"])", "\"a, b, c\""},
                    {"split(\",\", \"a,,b\")", "[\"a\",\"\",\"b\"]"},
                    {"substr(\"hello\", 1, 3)", "\"ell\""},
                    {"substr(\"hello\", -3, -1)", "\"llo\""},
                    {"trim(\"?!hello?!\", \"!?\")", "\"hello\""},
                    {"trimprefix(\"v1.11.5\", \"v\")", "\"1.11.5\""},
                    {"trimsuffix(\"a.iso\", \".iso\")", "\"a\""},
                    {"chomp(\"a\\r\\n\\n\")", "\"a\""},
                    {"indent(2, \"a\\nb\")", "\"a\\n  b\""},
                    {"strrev(\"abc\")", "\"cba\""},
                    {"replace(\"1 + 2 + 3\", \"+\", \"-\")", "\"1 - 2 - 3\""},
                    {"replace(\"hello world\", \"/w.*d/\", \"everybody\")", "\"hello everybody\""},
                    {"replace(\"a1b2\", \"/([a-z])([0-9])/\", \"$2$1\")", "\"1a2b\""},
                    {"regex(\"[a-z]+\", \"53453453.345345aaabbbccc23454\")", "\"aaabbbccc\""},
                    {"regex(\"(\\\\d\\\\d\\\\d\\\\d)-(\\\\d\\\\d)\", \"2019-02\")", "[\"2019\",\"02\"]"},
                    {"regex(\"^(?P<scheme_name>[^:/?#]+):\", \"https://x\")", "{\"scheme_name\":\"https\"}"},
                    {"regexall(\"[a-z]+\", \"1234abcd5678efgh9\")", "[\"abcd\",\"efgh\"]"},
                    {"length(regexall(\"[a-z]+\", \"123\")) > 0", "false"},
                    {"regexall(\"[[:alpha:]]\", \"a1\")", "[\"a\"]"},
                    {
                        "format(\"%s is %d years, %05d, %.2f, %t, %%, %q, %v\", \"x\", 42, 7, 3.14159, true, \"y\", [1])",
                        "\"x is 42 years, 00007, 3.14, true, %, \\\"y\\\", [1]\""
                    },
                    {
                        "format(\"%-5s|%5s|%+d|%x|%X|%b|%o|%#x|%e|%g\", \"a\", \"b\", 3, 255, 255, 5, 8, 255, 1500, 0.00001)",
                        "\"a    |    b|+3|ff|FF|101|10|0xff|1.500000e+03|1e-05\""
                    },
                    {"format(\"%[2]s %[1]s\", \"a\", \"b\")", "\"b a\""},
                    {"format(\"%v\", 1.5)", "\"1.5\""},
                    {"formatlist(\"%s-%s\", [\"a\", \"b\"], \"x\")", "[\"a-x\",\"b-x\"]"},
                    {"concat([\"a\"], [], [\"b\"])", "[\"a\",\"b\"]"},
                    {"flatten([[\"a\"], [], [[\"b\"], \"c\"]])", "[\"a\",\"b\",\"c\"]"},
                    {"distinct([\"a\", \"b\", \"a\"])", "[\"a\",\"b\"]"},
                    {"element([\"a\", \"b\", \"c\"], 3)", "\"a\""},
                    {"element([\"a\", \"b\", \"c\"], -1)", "\"c\""},
                    {"slice([1, 2, 3, 4], 1, 3)", "[2,3]"},
                    {"sort([\"e\", \"a\", \"10\"])", "[\"10\",\"a\",\"e\"]"},
                    {"compact([\"a\", \"\", null, \"b\"])", "[\"a\",\"b\"]"},
                    {"chunklist([1, 2, 3], 2)", "[[1,2],[3]]"},
                    {"coalesce(null, \"\", \"b\")", "\"b\""},
                    {"coalescelist([], [1])", "[1]"},
                    {"contains([\"a\", \"b\"], \"b\")", "true"},
                    {"index([\"a\", \"b\"], \"b\")", "1"},
                    {"one([\"a\"])", "\"a\""},
                    {"alltrue([true, \"true\"])", "true"},
                    {"anytrue([])", "false"},
                    {"setproduct([\"a\", \"b\"], [1, 2])", "[[\"a\",1],[\"a\",2],[\"b\",1],[\"b\",2]]"},
                    {"setunion([\"b\", \"a\"], [\"a\"])", "[\"a\",\"b\"]"},
                    {"setsubtract([\"b\", \"a\"], [\"a\"])", "[\"b\"]"},
                    {"setintersection([\"b\", \"a\"], [\"a\"])", "[\"a\"]"},
                    {"toset([\"c\", \"a\", \"c\"])", "[\"a\",\"c\"]"},
                    {"tolist([1, \"a\"])", "[\"1\",\"a\"]"},
                    {"tomap({ a = 1, b = \"x\" })", "{\"a\":\"1\",\"b\":\"x\"}"},
                    {"[tostring(1.50), tonumber(\"1.50\"), tobool(\"true\")]", "[\"1.5\",1.5,true]"},
                    {"keys({ b = 1, a = 2 })", "[\"a\",\"b\"]"},
                    {"values({ b = 1, a = 2 })", "[2,1]"},
                    {"merge({ a = 1 }, null, { b = 2, a = 3 })", "{\"a\":3,\"b\":2}"},
                    {"lookup({ a = 1 }, \"b\", 9)", "9"},
                    {"zipmap([\"a\", \"b\"], [1, 2])", "{\"a\":1,\"b\":2}"},
                    {"transpose({ a = [\"1\", \"2\"], b = [\"2\"] })", "{\"1\":[\"a\"],\"2\":[\"a\",\"b\"]}"},
                    {"matchkeys([\"i1\", \"i2\"], [\"x\", \"y\"], [\"y\"])", "[\"i2\"]"},
                    {"range(3)", "[0,1,2]"},
                    {"range(1, 8, 2)", "[1,3,5,7]"},
                    {"range(4, 1)", "[4,3,2]"},
                    {"sum([1, 2.5])", "3.5"},
                    {"[abs(-1), ceil(1.1), floor(-1.1), signum(-3), max(1, 3), min(2, 1)]", "[1,2,-2,-1,3,1]"},
                    {"[pow(2, 10), parseint(\"ff\", 16), parseint(\"-11\", 2)]", "[1024,255,-3]"},
                    {"base64encode(\"Hello\")", "\"SGVsbG8=\""},
                    {"base64decode(\"SGVsbG8=\")", "\"Hello\""},
                    {"urlencode(\"a b/ü~\")", "\"a+b%2F%C3%BC~\""},
                    {"md5(\"hello world\")", "\"5eb63bbbe01eeed093cb22bb8f5acdc3\""},
                    {"sha1(\"hello world\")", "\"2aae6c35c94fcfb415dbe95f408b9ce91ee846ed\""},
                    {"sha256(\"hello world\")", "\"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9\""},
                    {"base64sha256(\"hello world\")", "\"uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=\""},
                    {"uuidv5(\"dns\", \"www.terraform.io\")", "\"a5008fae-b28c-5ba5-96cd-82b4c53552d6\""},
                    {"csvdecode(\"a,b\\n1,\\\"x,y\\\"\\n\")", "[{\"a\":\"1\",\"b\":\"x,y\"}]"},
                    {"formatdate(\"DD MMM YYYY hh:mm ZZZ\", \"2018-01-02T23:12:01Z\")", "\"02 Jan 2018 23:12 UTC\""},
                    {
                        "formatdate(\"EEEE, 'at' H:mmaa Z\", \"2018-01-02T23:12:01-08:00\")",
                        "\"Tuesday, at 11:12pm -08:00\""
                    },
                    {"timeadd(\"2017-11-22T00:00:00Z\", \"10m\")", "\"2017-11-22T00:10:00Z\""},
                    {"timeadd(\"2017-11-22T00:00:00Z\", \"-1h30m\")", "\"2017-11-21T22:30:00Z\""},
                    {"timecmp(\"2017-11-22T00:00:00Z\", \"2017-11-22T01:00:00+01:00\")", "0"},
                    {"cidrhost(\"10.12.112.0/20\", 268)", "\"10.12.113.12\""},
                    {"cidrhost(\"fd00:fd12:3456:7890:00a2::/72\", 34)", "\"fd00:fd12:3456:7890::22\""},
                    {"cidrhost(\"10.0.0.0/24\", -1)", "\"10.0.0.255\""},
                    {"cidrnetmask(\"172.16.0.0/12\")", "\"255.240.0.0\""},
                    {"cidrsubnet(\"172.16.0.0/12\", 4, 2)", "\"172.18.0.0/16\""},
                    {"cidrsubnet(\"fd00:fd12:3456:7890::/56\", 16, 162)", "\"fd00:fd12:3456:7800:a200::/72\""},
                    {
                        "cidrsubnets(\"10.1.0.0/16\", 4, 4, 8, 4)",
                        "[\"10.1.0.0/20\",\"10.1.16.0/20\",\"10.1.32.0/24\",\"10.1.48.0/20\"]"
                    },
                    {
                        "[startswith(\"abc\", \"a\"), endswith(\"abc\", \"c\"), strcontains(\"abc\", \"x\")]",
                        "[true,true,false]"
                    },
                    {"length(\"e\\u0301😀\")", "2"},
                    {"length(\"क्षि\")", "1"},
                    {"tolist([]) == []", "false"},
                    {"cidrcontains(\"10.0.0.0/8\", \"10.1.2.3\")", "true"},
                    {"cidrcontains(\"10.0.0.0/8\", \"10.1.0.0/16\")", "true"},
                    {"cidrcontains(\"10.1.0.0/16\", \"10.0.0.0/8\")", "false"},
                    {"cidrcontains(\"fd00::/8\", \"fd12::1\")", "true"},
                    {"cidrhost(\"::ffff:10.0.0.0/104\", 1)", "\"::ffff:a00:1\""},
                    {"urldecode(\"a+b%2F%C3%BC~\")", "\"a b/ü~\""},
                    {"urldecode(urlencode(\"%=?#ü 😀\"))", "\"%=?#ü 😀\""},
                    {"base64gunzip(base64gzip(\"hello ü\"))", "\"hello ü\""},
                    {"base64gunzip(\"H4sIAAAAAAAA/8pIzcnJBwQAAP//hqYQNgUAAAA=\")", "\"hello\""},
                    {"base64gzip(\"hello\") == base64gzip(\"hello\")", "true"},
                    {
                        "templatestring(\"$${a} and %%{ for x in b }($${x})%%{ endfor }\", {a = 1, b = [\"x\", \"y\"]})",
                        "\"1 and (x)(y)\""
                    },
                    {"templatestring(\"$${a}\", {a = true})", "\"true\""},
                    {"core::length([1, 2])", "2"},
                    {"ephemeralasnull(1)", "1"},
                    {"nonsensitive(sensitive(\"a\"))", "\"a\""},
                    {"issensitive(sensitive(\"a\"))", "false"},
                    {"pow(2, 64)", "18446744073709551616"},
                    {"pow(2, 64) - 1", "18446744073709551615"},
                    {"pow(10, 30)", "1000000000000000000000000000000"},
                    {"regex(\"(?<y>\\\\d+)\", \"a12\")", "{\"y\":\"12\"}"},
                    {"element([\"a\", \"b\"], -1)", "\"b\""},
                })
                .map(c -> DynamicTest.dynamicTest(c[0], () -> assertEquals(c[1], HclText.json(c[0]))));
    }
}
