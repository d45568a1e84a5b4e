package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.text.YamlEncode;
import dev.talosforge.config.unit.ValueReader;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ExtensionServices;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The file that tells Talos how to run the extension's container.
 *
 * @param name of the file
 * @param text in YAML
 */
public record ServiceFile(String name, String text) {
    private static final String INPUT = ServicePlaces.SERVICE;
    private static final String NAME = "name";

    /** From the extension's root. */
    public String path() {
        return "usr/local/etc/containers/%s.yaml".formatted(name);
    }

    /**
     * The input, which is an object or a text in YAML; null if there is none, or it is wrong, which is reported. What
     * depends on other files, such as the program that it names, is checked with the whole extension.
     *
     * @param usual name of the file, and of a service that is an object without a name
     * @param rules the version of Talos whose rules are applied
     * @param remarks receives suspicious content
     * @param places receives the places where it is written
     */
    static @Nullable ServiceFile read(
            InputReader in, String usual, TalosVersion rules, List<ServiceRemark> remarks, ServicePlaces places) {
        Value value = in.value(INPUT);
        ServiceFile file = switch (value) {
            case null -> null;
            case Value.Mapping(var _, SortedMap<String, Value> members) -> ofObject(members, usual);
            case Value.Text(String text) -> new ServiceFile(usual, text);
            default -> {
                in.wrong(INPUT, ValueReader.mismatch(value, "an object or YAML text"));
                yield null;
            }
        };
        if (file != null) {
            places.addService(file.path(), file.text(), value instanceof Value.Text);
            file.check(in, rules, value instanceof Value.Text, remarks);
        }
        return file;
    }

    private void check(InputReader in, TalosVersion rules, boolean hasLines, List<ServiceRemark> remarks) {
        try {
            for (ExtensionServices.Remark remark : ExtensionServices.remarks(path(), text, rules)) {
                if (remark.fatal()) {
                    report(in, remark, hasLines);
                } else {
                    remarks.add(new ServiceRemark(INPUT, path(), place(in, remark, hasLines), !hasLines, remark));
                }
            }
        } catch (IOException e) {
            in.wrong(INPUT, "is not a valid Talos service: " + e.getMessage());
        }
    }

    /** Reports what makes it an invalid Talos service. */
    void report(InputReader in, List<ExtensionServices.Remark> remarks) {
        boolean hasLines = in.value(INPUT) instanceof Value.Text;
        remarks.forEach(remark -> report(in, remark, hasLines));
    }

    private static void report(InputReader in, ExtensionServices.Remark remark, boolean hasLines) {
        in.wrong(
                part(remark, hasLines),
                place(in, remark, hasLines),
                "is not a valid Talos service: " + (hasLines ? remark.whyWithLine() : remark.why()),
                remark.remedy());
    }

    private static String part(ExtensionServices.Remark remark, boolean hasLines) {
        return hasLines ? INPUT : INPUT + remark.within();
    }

    private static Where.@Nullable Source place(InputReader in, ExtensionServices.Remark remark, boolean hasLines) {
        String part = part(remark, hasLines);
        return remark.name() ? in.namePlace(INPUT, part) : in.place(INPUT, part);
    }

    private static ServiceFile ofObject(SortedMap<String, Value> given, String usual) {
        SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
        members.put(NAME, Value.of(usual));
        given.forEach((name, value) -> {
            if (!(value instanceof Value.Null)) {
                members.put(name, value);
            }
        });
        return new ServiceFile(usual, YamlEncode.of(Value.object(members)));
    }
}
