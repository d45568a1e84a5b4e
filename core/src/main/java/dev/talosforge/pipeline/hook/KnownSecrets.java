package dev.talosforge.pipeline.hook;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.net.Redaction;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Hides known secrets in texts that this program did not write: values of variables and inputs with secret names, and
 * anything in the form of credentials.
 *
 * @param values the longest first, so that no secret is hidden only in part
 */
record KnownSecrets(List<String> values) {
    private static final String HIDDEN = "***";
    private static final Pattern NAME = Pattern.compile(
            "(?i).*(passw(or)?d|passphrase|secret|token|credential|api_?key|access_?key|private_?key|auth_config|_auth$).*");

    /** A shorter value would also hide unrelated text. */
    private static final int MIN_LENGTH = 6;

    KnownSecrets {
        values = List.copyOf(values);
    }

    static KnownSecrets of(SortedMap<String, String> environment, Map<String, Value> inputs) {
        TreeSet<String> found = new TreeSet<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        environment.forEach((name, value) -> add(name, value, found));
        inputs.forEach((name, value) -> add(name, value, found));
        return new KnownSecrets(List.copyOf(found));
    }

    private static void add(String name, Value value, TreeSet<String> found) {
        switch (value) {
            case Value.Text(String text) -> add(name, text, found);
            case Value.Mapping(var _, SortedMap<String, Value> members) ->
                members.forEach((member, inner) -> add(NAME.matcher(name).matches() ? name : member, inner, found));
            case Value.Sequence(var _, List<Value> items) -> items.forEach(item -> add(name, item, found));
            case Value.Decimal _, Value.Bool _, Value.Null _, Value.Unknown _ -> {}
        }
    }

    /** Texts arrive line by line, and a Proxmox token has its secret after its name. */
    private static void add(String name, String value, TreeSet<String> found) {
        if (!NAME.matcher(name).matches()) {
            return;
        }
        for (String line : value.split("\\R", -1)) {
            String one = line.strip();
            if (one.length() >= MIN_LENGTH) {
                found.add(one);
            }
            String behind = one.substring(one.indexOf('=') + 1);
            if (one.contains("!") && behind.length() >= MIN_LENGTH) {
                found.add(behind);
            }
        }
    }

    String hide(String text) {
        String hidden = text;
        for (String value : values) {
            hidden = hidden.replace(value, HIDDEN);
        }
        return Redaction.text(hidden);
    }
}
