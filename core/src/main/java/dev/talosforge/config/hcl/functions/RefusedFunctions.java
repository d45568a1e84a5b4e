package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import java.util.List;

/** Functions of the language that are refused here, each with an alternative. */
final class RefusedFunctions {
    private static final String RANDOM =
            "its result differs from run to run, and the same inputs must give the same images";

    private RefusedFunctions() {}

    static List<Function> all() {
        return List.of(
                refused("timestamp", RANDOM, "write the time as a constant, or pass it in: get_env(\"BUILD_TIME\")"),
                refused(
                        "plantimestamp",
                        RANDOM,
                        "write the time as a constant, or pass it in: get_env(\"BUILD_TIME\")"),
                refused("uuid", RANDOM, "derive it from a name: uuidv5(\"dns\", \"example.com\")"),
                refused("bcrypt", RANDOM, "write the hash as a constant, or read it with sops_decrypt_file"),
                refused("convert", "it takes a type as its argument", "use tolist, toset, tomap, tostring and so on"),
                refused(
                        "type",
                        "it is for inspecting values in a console",
                        Remedy.sentence("look at the result of: ", Remedy.command(Verb.RENDER))),
                gone("list", "write tolist([...])"),
                gone("map", "write tomap({...})"));
    }

    private static Function refused(String name, String why, String remedy) {
        return refused(name, why, new Remedy.Text(remedy));
    }

    private static Function refused(String name, String why, Remedy remedy) {
        return Function.of(name, 0, Function.ANY_NUMBER, _ -> {
            throw FunctionFailure.ofCall(Kind.NOT_SUPPORTED, why, remedy);
        });
    }

    private static Function gone(String name, String remedy) {
        return Function.of(name, 0, Function.ANY_NUMBER, _ -> {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT, -1, "Terraform has not had this function since version 0.12", remedy);
        });
    }
}
