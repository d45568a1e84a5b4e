package dev.talosforge.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A tree of many units in several environments: included files of two levels, merged in every way, locals, files that
 * are read, functions, generate blocks, dependencies with mocks. The same seed gives the same tree.
 *
 * @param units their folders below {@code live}
 */
public record GeneratedTree(long seed, List<String> units) {
    private static final int PLACES = 5;
    private static final int DEPTH = 3;
    private static final List<String> STRATEGIES = List.of("shallow", "deep", "no_merge");

    /** Writes it. */
    public static GeneratedTree write(JudgedTree tree, long seed, int count) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        tree.file("modules/m/main.tf", "").file("live/root.hcl", root(random));
        for (int env = 0; env < PLACES; env++) {
            tree.file("live/env%d/env.hcl".formatted(env), level("env", random));
            for (int region = 0; region < PLACES; region++) {
                tree.file("live/env%d/r%d/region.hcl".formatted(env, region), level("region", random));
            }
        }
        List<String> units = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String unit = "env%d/r%d/u%03d".formatted(random.nextInt(PLACES), random.nextInt(PLACES), i);
            tree.file("live/" + unit + "/terragrunt.hcl", unit(unit, units, random));
            units.add(unit);
        }
        return new GeneratedTree(seed, List.copyOf(units));
    }

    private static String root(RandomGenerator random) {
        GeneratedExpressions in = expressions(random, List.of(), List.of("get_env(\"HOME\")"), List.of(), List.of());
        return """
                locals {
                  words = %s
                  size  = %s
                  from  = basename(get_parent_terragrunt_dir())
                }
                remote_state {
                  backend  = "local"
                  generate = { path = "backend.tf", if_exists = "overwrite_terragrunt" }
                  config   = { path = "${get_parent_terragrunt_dir()}/../state/${path_relative_to_include()}.tfstate" }
                }
                generate "versions" {
                  path      = "versions.tf"
                  if_exists = "overwrite_terragrunt"
                  contents  = "# ${path_relative_to_include()} %%{ for w in local.words }${w} %%{ endfor }"
                }
                inputs = {
                  root_words = local.words
                  root_size  = local.size
                  where      = path_relative_to_include()
                  back       = path_relative_from_include()
                  shared     = { a = "root", n = 1, l = local.words, deep = { root = local.size } }
                }
                """.formatted(in.list(2), in.number(2));
    }

    private static String level(String name, RandomGenerator random) {
        GeneratedExpressions in =
                expressions(random, List.of("length(local.t)"), List.of("local.t"), List.of("local.l"), List.of());
        return """
                locals {
                  l = ["%1$s", local.t]
                  t = basename(get_terragrunt_dir())
                  m = { a = local.t, n = 2, l = local.l, %1$s = %2$s }
                }
                inputs = {
                  %1$s_any = %3$s
                  shared   = { n = %4$s, l = ["of %1$s"], deep = { %1$s = local.l } }
                }
                """.formatted(name, in.text(2), in.any(DEPTH), in.number(1));
    }

    private static String unit(String name, List<String> earlier, RandomGenerator random) {
        StringBuilder out = new StringBuilder();
        String strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
        out.append("""
                include "root" {
                  path           = find_in_parent_folders("root.hcl")
                  expose         = true
                  merge_strategy = "%s"
                }
                """.formatted(strategy));
        boolean env = random.nextBoolean();
        if (env) {
            out.append("""
                    include "env" {
                      path           = find_in_parent_folders("env.hcl")
                      expose         = true
                      merge_strategy = "%s"
                    }
                    """.formatted(STRATEGIES.get(random.nextInt(STRATEGIES.size()))));
        }
        List<String> texts = new ArrayList<>(List.of(
                "local.name",
                "include.root.locals.from",
                "basename(get_terragrunt_dir())",
                "path_relative_to_include(\"root\")"));
        List<String> lists = new ArrayList<>(List.of("local.words", "include.root.locals.words", "local.region.l"));
        List<String> maps = new ArrayList<>(List.of("local.region.m"));
        if (env) {
            texts.add("include.env.locals.t");
            maps.add("include.env.locals.m");
        }
        GeneratedExpressions local = expressions(random, List.of("include.root.locals.size"), texts, lists, maps);
        out.append("""
                locals {
                  name   = "%s"
                  region = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals
                  words  = ["w", basename(get_original_terragrunt_dir())]
                  value  = %s
                  other  = %s
                }
                terraform {
                  source = "${get_repo_root()}/modules//m"
                }
                """.formatted(name, local.any(DEPTH), local.number(DEPTH)));
        for (int i = random.nextInt(4) - 1; i >= 0 && !earlier.isEmpty(); i--) {
            String label = "d" + i;
            out.append(dependency(label, name, earlier.get(random.nextInt(earlier.size())), random));
            texts.add("dependency.%s.outputs.a".formatted(label));
            lists.add("dependency.%s.outputs.l".formatted(label));
            maps.add("dependency.%s.outputs".formatted(label));
        }
        if (random.nextInt(4) == 0 && !earlier.isEmpty()) {
            out.append("dependencies {\n  paths = [\"%s\"]\n}\n"
                    .formatted(relative(name, earlier.get(random.nextInt(earlier.size())))));
        }
        if (random.nextInt(3) == 0) {
            out.append("generate \"own\" {\n  path = \"own.txt\"\n  if_exists = \"overwrite\"\n  contents = %s\n}\n"
                    .formatted(local.text(2)));
        }
        GeneratedExpressions in =
                expressions(random, List.of("local.other", "include.root.locals.size"), texts, lists, maps);
        out.append("inputs = {\n  me = local.name\n  value = local.value\n");
        for (int i = random.nextInt(6); i >= 0; i--) {
            out.append("  i%d = %s\n".formatted(i, in.any(DEPTH)));
        }
        if (random.nextBoolean()) {
            out.append("  shared = { a = %s, l = %s, deep = { unit = %s } }\n"
                    .formatted(in.text(2), in.list(2), in.any(2)));
        }
        return out.append("}\n").toString();
    }

    /** Most have no outputs of their own looked up, which takes the real program a run of OpenTofu each. */
    private static String dependency(String label, String from, String to, RandomGenerator random) {
        GeneratedExpressions in =
                expressions(random, List.of(), List.of("local.name"), List.of("local.words"), List.of());
        return """
                dependency "%s" {
                  config_path  = "%s"
                  mock_outputs = merge({ a = %s, l = %s, n = %s }, { more = %s })
                  skip_outputs = %s
                }
                """.formatted(
                label, relative(from, to), in.text(1), in.list(1), in.number(1), in.any(2), random.nextInt(8) != 0);
    }

    private static String relative(String from, String to) {
        return "../".repeat(from.split("/").length) + to;
    }

    private static GeneratedExpressions expressions(
            RandomGenerator random, List<String> numbers, List<String> texts, List<String> lists, List<String> maps) {
        return new GeneratedExpressions(random, numbers, List.copyOf(texts), List.copyOf(lists), List.copyOf(maps));
    }
}
