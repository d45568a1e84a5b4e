package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.eval.FunctionTable;
import java.util.ArrayList;
import java.util.List;

/** The functions whose result depends only on their arguments. */
public final class StandardFunctions {
    private static final FunctionTable TABLE = FunctionTable.empty().with(all());

    private StandardFunctions() {}

    public static FunctionTable table() {
        return TABLE;
    }

    private static List<Function> all() {
        List<Function> functions = new ArrayList<>();
        functions.addAll(TypeFunctions.all());
        functions.addAll(NumberFunctions.all());
        functions.addAll(ListFunctions.all());
        functions.addAll(SetFunctions.all());
        functions.addAll(MapFunctions.all());
        functions.addAll(StringFunctions.all());
        functions.addAll(FormatFunctions.all());
        functions.addAll(RegexFunctions.all());
        functions.addAll(EncodingFunctions.all());
        functions.addAll(DateFunctions.all());
        functions.addAll(NetworkFunctions.all());
        functions.addAll(CryptoFunctions.all());
        functions.addAll(TemplateFunctions.all());
        functions.addAll(RefusedFunctions.all());
        return functions;
    }
}
