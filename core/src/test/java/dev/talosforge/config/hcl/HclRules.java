package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.HclOracle.Kind;
import dev.talosforge.config.hcl.HclOracle.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The cases of {@code core/src/test/resources/hcl/rules.txt}, which says how it is written. */
final class HclRules {
    /**
     * One case.
     *
     * @param ours what we make of the text
     * @param theirs what HashiCorp's implementation makes of it: the same, or else with a reason in the file
     */
    record Rule(String name, Question question, String ours, String theirs) {}

    private static final Pattern CODE = Pattern.compile("\u27e6([0-9A-F]+)\u27e7");

    private HclRules() {}

    static List<Rule> all() throws IOException {
        String text = Files.readString(Path.of("core/src/test/resources/hcl/rules.txt"));
        List<Rule> rules = new ArrayList<>();
        for (String block : text.split("(?m)^### ", -1)) {
            int title = block.indexOf('\n');
            int mark = block.lastIndexOf("\n---\n");
            if (mark < 0) {
                continue; // The words above the first case.
            }
            String hcl = CODE.matcher(block.substring(Math.min(title + 1, mark), mark))
                    .replaceAll(code -> Character.toString(Integer.parseInt(code.group(1), 16)));
            List<String> answers = block.substring(mark + 5).lines().toList();
            String theirs = answers.size() > 1 && answers.get(1).startsWith("HashiCorp: ")
                    ? answers.get(1).replaceAll("^HashiCorp: | \\([^()]*\\)$", "")
                    : answers.getFirst();
            rules.add(new Rule(
                    block.substring(2, title), new Question(kind(block.charAt(0)), hcl), answers.getFirst(), theirs));
        }
        return rules;
    }

    private static Kind kind(char letter) {
        return switch (letter) {
            case 'e' -> Kind.EXPRESSION;
            case 't' -> Kind.TEMPLATE;
            case 'b' -> Kind.BODY;
            default -> throw new AssertionError("no such kind: " + letter);
        };
    }
}
