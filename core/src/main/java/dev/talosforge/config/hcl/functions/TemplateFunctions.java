package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code templatestring}, and what it shares with {@code templatefile}. */
final class TemplateFunctions {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{N}\\p{M}\\p{Pc}-]*");

    private TemplateFunctions() {}

    static List<Function> all() {
        return List.of(Function.of("templatestring(template, vars)", TemplateFunctions::string));
    }

    /** The template with only the variables of the second argument; a single interpolation keeps its type. */
    static Value render(Arguments arguments, Evaluator evaluator, SourceText source) {
        Expression.Template template = HclParser.parseTemplate(source);
        Scope scope = Scope.empty();
        for (Map.Entry<String, Value> variable : arguments.members(1).entrySet()) {
            if (!NAME.matcher(variable.getKey()).matches()) {
                throw arguments.failure(1, "\"%s\" cannot be the name of a variable".formatted(variable.getKey()));
            }
            scope = scope.with(variable.getKey(), variable.getValue());
        }
        Value value = evaluator.in(scope).evaluate(template);
        if (value instanceof Value.Null) {
            throw arguments.failure("the template's result is null");
        }
        return value;
    }

    /** Functions that read files are refused in it, because the template may come from outside the tree. */
    private static Value string(Arguments arguments) {
        Evaluator outer = arguments.evaluator();
        List<Function> refused = new ArrayList<>();
        for (String name : outer.functions().names()) {
            Function function = outer.functions().find(name);
            if (function != null && function.outside()) {
                refused.add(Function.of(name, 0, Function.ANY_NUMBER, a -> {
                    throw a.failure("within templatestring it cannot be called: give its result as a variable");
                }));
            }
        }
        Evaluator inner = new Evaluator(Scope.empty(), outer.functions().with(refused), outer.budget());
        if (!(arguments.some(0) instanceof Value.Text(String text))) {
            throw arguments.failure(
                    0, "expected text, found " + arguments.value(0).kindName());
        }
        Value value = render(arguments, inner, SourceText.of(Path.of("templatestring"), text));
        Value converted = value instanceof Value.Unknown ? value : Type.Simple.TEXT.convert(value);
        if (converted == null) {
            throw arguments.failure("the template's result is " + value.kindName() + ", not text");
        }
        return converted;
    }
}
