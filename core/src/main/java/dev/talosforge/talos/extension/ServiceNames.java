package dev.talosforge.talos.extension;

import dev.talosforge.problem.Problem;
import dev.talosforge.talos.service.ExtensionServices;
import dev.talosforge.talos.service.ServiceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names of services over all extensions of an image. Talos reads their files by name, and takes the first of each name.
 */
public final class ServiceNames {
    private ServiceNames() {}

    private record Owned(int layer, Extension extension, ServiceSpec service) {}

    /**
     * Services whose name another extension's service already has, and which would never start. A file in the place of
     * an earlier extension's hides that one, and is not a second service.
     *
     * @param extensions in the order of their layers
     */
    public static List<Problem> twice(List<Extension> extensions) throws IOException {
        SortedMap<String, Owned> files = new TreeMap<>();
        for (int layer = 0; layer < extensions.size(); layer++) {
            Extension extension = extensions.get(layer);
            for (ServiceSpec service : ExtensionServices.of(extension.rootfs())) {
                files.put(service.file(), new Owned(layer, extension, service));
            }
        }
        Map<String, Owned> names = new HashMap<>(); // only looked up, never walked
        List<Problem> problems = new ArrayList<>();
        for (Owned owned : files.values()) {
            ServiceSpec.Word name = owned.service().name();
            Owned first = name == null ? null : names.putIfAbsent(name.text(), owned);
            // Within one extension, it was reported with the extension.
            if (name != null && first != null && first.layer() != owned.layer()) {
                problems.add(Problem.failed(
                                Problem.Kind.BAD_ARTIFACT,
                                "cannot put extension %s into the images"
                                        .formatted(owned.extension().manifest().name()))
                        .because("its %s has a service \"%s\", as extension %s has (%s); Talos starts only the first"
                                .formatted(
                                        owned.service().file(),
                                        name.text(),
                                        first.extension().manifest().name(),
                                        first.service().file()))
                        .trying("remove one of the two extensions, or rename the service"));
            }
        }
        return problems;
    }
}
