package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.eval.LazyObject;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.NearestName;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code include} in an expression: the included files that are exposed, by the names of their blocks. */
record IncludeObject(MergedFile file) implements LazyObject {
    private Set<String> names() {
        return file.includes().names();
    }

    private LazyObject exposed(String name, Range at) {
        if (!names().contains(name)) {
            throw at.problem(
                    "unknown include \"" + name + "\"",
                    names().isEmpty() ? "there are no include blocks" : "known here: " + String.join(", ", names()),
                    NearestName.suggestion(name, names()));
        }
        if (!file.includes().exposes(name)) {
            throw at.problem(
                    "cannot use include \"" + name + "\" in an expression",
                    "it is not exposed",
                    "add to the include block: expose = true");
        }
        return file.included(file.includes().block(name)).shown();
    }

    /** A single include without a name stands for itself. */
    private boolean unnamed() {
        return names().size() == 1 && names().contains("");
    }

    @Override
    public Value member(String name, Range at) {
        return unnamed() ? exposed("", at).member(name, at) : exposed(name, at).whole(at);
    }

    @Override
    public LazyObject nested(String name, Range at) {
        if (unnamed()) {
            LazyObject only = exposed("", at);
            LazyObject nested = only.nested(name, at);
            return nested != null ? nested : new Part(only, name);
        }
        return exposed(name, at);
    }

    /** A part of an included file that is evaluated as a whole. */
    private record Part(LazyObject owner, String name) implements LazyObject {
        @Override
        public Value member(String wanted, Range at) {
            if (whole(at) instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
                Value member = members.get(wanted);
                if (member != null) {
                    return member;
                }
                throw at.problem(
                        "unknown attribute \"" + wanted + "\"",
                        "known here: " + String.join(", ", members.keySet()),
                        NearestName.suggestion(wanted, members.keySet()));
            }
            throw at.problem("unknown attribute \"" + wanted + "\"", "the file has no " + name, null);
        }

        @Override
        public Value whole(Range at) {
            return owner.member(name, at);
        }
    }

    @Override
    public Value whole(Range at) {
        if (unnamed()) {
            return exposed("", at).whole(at);
        }
        SortedMap<String, Value> members = new TreeMap<>();
        for (String name : names()) {
            if (file.includes().exposes(name)) {
                members.put(name, member(name, at));
            }
        }
        return Value.object(members);
    }
}
