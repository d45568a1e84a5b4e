package dev.talosforge.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Calls of the language's functions, made from a list of arguments: the same ones in every run. */
final class FunctionCalls {
    private static final long SEED = 20_261_125;
    private static final int CALLS_PER_FUNCTION = 150;

    /**
     * Kinds of the arguments of each function; behind a star any number of the kind before it. A any kind, b bool, B
     * base64, C address range, D form of a time, E encoding, F format, I small number, J JSON, L list, M map, N number,
     * P path, R regular expression, S text, T time, U duration, V table with commas, X one or more values for a format,
     * Y YAML.
     */
    private static final String SIGNATURES = """
            abs N;ceil N;floor N;signum N;max N*;min N*;pow NN;log NN;parseint SN;range N*;sum L
            chomp S;lower S;upper S;title S;strrev S;trimspace S;trim SS;trimprefix SS;trimsuffix SS;indent IS;substr SNN
            join SL*;split SS;startswith SS;endswith SS;replace SSS;regex RS;regexall RS;format FX;formatlist FA*
            chunklist LN;coalesce A*;coalescelist L*;compact L;concat L*;contains LA;distinct L;element LN;flatten L;index LA
            keys M;values M;lookup MSA;merge M*;zipmap LL;transpose M;matchkeys LLL;length A;one L;alltrue L;anytrue L;reverse L
            setintersection L*;setproduct L*;setsubtract LL;setunion L*;slice LNN;sort L
            tobool A;tolist A;tomap A;tonumber A;toset A;tostring A
            csvdecode V;jsondecode J;jsonencode A;yamldecode Y;yamlencode A
            formatdate DT;timeadd TU;timecmp TT
            base64decode B;base64encode S;urlencode S;textencodebase64 SE;textdecodebase64 BE
            md5 S;sha1 S;sha256 S;sha512 S;base64sha256 S;base64sha512 S;uuidv5 SS
            cidrhost CN;cidrnetmask C;cidrsubnet CNN;cidrsubnets CN*;basename P;dirname P
            can A;try A*;sensitive A;nonsensitive A
            """;

    private final Map<Character, List<String>> pools = new TreeMap<>();
    private final Map<String, String> signatures = new TreeMap<>();

    FunctionCalls() throws IOException {
        for (String line : lines("/functions/arguments.txt")) {
            pools.computeIfAbsent(line.charAt(0), _ -> new ArrayList<>()).add(line.substring(2));
        }
        for (String signature : SIGNATURES.split("[;\n]", -1)) {
            int blank = signature.indexOf(' ');
            if (blank > 0) {
                signatures.put(signature.substring(0, blank), signature.substring(blank + 1));
            }
        }
    }

    /** The generated ones of one function; none when nothing is said about its arguments. */
    List<String> generated(String function) {
        String signature = signatures.getOrDefault(function, "");
        List<String> expressions = new ArrayList<>();
        if (signature.isEmpty()) {
            return expressions;
        }
        List<String> firsts = pool(signature.charAt(0));
        if (signature.length() == 1) {
            firsts.forEach(first -> expressions.add(function + "(" + first + ")"));
        } else if (signature.length() == 2 && signature.indexOf('*') < 0 && signature.indexOf('A') < 0) {
            for (String first : firsts) {
                pool(signature.charAt(1))
                        .forEach(second -> expressions.add(function + "(" + first + ", " + second + ")"));
            }
        }
        Random random = new Random(SEED + function.hashCode());
        for (int i = 0; i < CALLS_PER_FUNCTION; i++) {
            expressions.add(function + "(" + arguments(random, signature) + ")");
        }
        return expressions;
    }

    /** The lines of a file that say something. */
    static List<String> lines(String resource) throws IOException {
        try (InputStream in = FunctionCalls.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("no " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    private List<String> pool(char kind) {
        List<String> pool = pools.get(kind);
        return pool == null ? List.of() : pool;
    }

    private String arguments(Random random, String signature) {
        List<String> arguments = new ArrayList<>();
        int i = 0;
        while (i < signature.length()) {
            char kind = signature.charAt(i++);
            int count = 1;
            if (i < signature.length() && signature.charAt(i) == '*') {
                i++;
                count = random.nextInt(4);
            }
            for (int n = 0; n < count; n++) {
                arguments.add(argument(random, kind));
            }
        }
        if (random.nextInt(40) == 0 && !arguments.isEmpty()) {
            arguments.removeLast();
        }
        return String.join(", ", arguments);
    }

    /** Now and then null or one of another kind; but a small number stays small, or the other side fills the memory. */
    private String argument(Random random, char kind) {
        if (random.nextInt(12) == 0) {
            return "null";
        }
        boolean other = kind == 'A' || (kind != 'I' && random.nextInt(12) == 0);
        List<String> pool = pool(other ? "SSNNLLMMb".charAt(random.nextInt(9)) : kind);
        return pool.get(random.nextInt(pool.size()));
    }
}
