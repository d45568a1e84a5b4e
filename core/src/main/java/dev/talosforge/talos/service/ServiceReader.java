package dev.talosforge.talos.service;

import dev.talosforge.talos.service.ServiceSpec.Container;
import dev.talosforge.talos.service.ServiceSpec.Dependency;
import dev.talosforge.talos.service.ServiceSpec.Mount;
import dev.talosforge.talos.service.ServiceSpec.Place;
import dev.talosforge.talos.service.ServiceSpec.Security;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a service file: the first YAML document, and of that the fields that Talos has. */
public final class ServiceReader {
    private static final List<String> SERVICE = List.of("name", "container", "depends", "restart", "logToConsole");
    private static final List<String> CONTAINER =
            List.of("entrypoint", "environment", "environmentFile", "args", "mounts", "security");
    private static final List<String> MOUNT =
            List.of("destination", "type", "source", "options", "uidmappings", "gidmappings");
    private static final List<String> SECURITY =
            List.of("writeableSysfs", "maskedPaths", "readonlyPaths", "writeableRootfs", "rootfsPropagation");
    private static final List<String> DEPENDENCY = List.of("service", "path", "network", "time", "configuration");

    private static final List<String> ID_MAPPING = List.of("containerid", "hostid", "size");

    private final boolean datesAreTexts;
    private final ServiceNotes notes;

    private ServiceReader(boolean datesAreTexts, ServiceNotes notes) {
        this.datesAreTexts = datesAreTexts;
        this.notes = notes;
    }

    /**
     * The service, or null if the file is not one; the notes then say what is wrong.
     *
     * @param datesAreTexts as with all readers before Talos 1.14
     */
    public static @Nullable ServiceSpec read(String file, String text, boolean datesAreTexts, ServiceNotes notes) {
        YamlDocument document;
        try {
            document = YamlDocument.of(text);
        } catch (YamlDocument.SyntaxException e) {
            Place at = e.line() == null ? null : new Place(e.line(), e.column(), 1);
            notes.error(at, e.what(), null);
            return null;
        }
        if (document.root() == null) {
            notes.error(null, "the file is empty", "write a service, or remove the file");
            return null;
        }
        if (document.more()) {
            notes.warning(
                    null,
                    "the file has several YAML documents; Talos reads only the first",
                    "write each service to a file of its own");
        }
        return new ServiceReader(datesAreTexts, notes).service(file, document.root());
    }

    private ServiceSpec service(String file, Node root) {
        ServiceMembers members = new ServiceMembers(root, "a service", SERVICE, datesAreTexts, notes);
        List<Dependency> depends = new ArrayList<>();
        for (Node item : members.items("depends")) {
            depends.add(dependency(item));
        }
        return new ServiceSpec(
                file,
                members.word("name"),
                container(members.node("container")),
                depends,
                members.word("restart"),
                members.on("logToConsole"));
    }

    private Container container(@Nullable Node node) {
        if (node == null) {
            return Container.empty();
        }
        ServiceMembers members = new ServiceMembers(node, "container", CONTAINER, datesAreTexts, notes);
        List<Mount> mounts = new ArrayList<>();
        for (Node item : members.items("mounts")) {
            mounts.add(mount(item));
        }
        return new Container(
                members.word("entrypoint"),
                members.words("environment"),
                members.word("environmentFile"),
                members.words("args"),
                mounts,
                security(members.node("security")));
    }

    private Mount mount(Node node) {
        ServiceMembers members = new ServiceMembers(node, "a mount", MOUNT, datesAreTexts, notes);
        members.items("uidmappings").forEach(this::idMapping);
        members.items("gidmappings").forEach(this::idMapping);
        return new Mount(
                members.word("destination"),
                members.word("type"),
                members.word("source"),
                members.words("options"),
                members.at());
    }

    private void idMapping(Node node) {
        ServiceMembers members = new ServiceMembers(node, "an id mapping", ID_MAPPING, datesAreTexts, notes);
        ID_MAPPING.forEach(members::number);
    }

    private Security security(@Nullable Node node) {
        ServiceMembers members = new ServiceMembers(node, "security", SECURITY, datesAreTexts, notes);
        return new Security(
                members.flag("writeableRootfs"),
                members.flag("writeableSysfs"),
                members.node("maskedPaths") == null ? null : members.words("maskedPaths"),
                members.node("readonlyPaths") == null ? null : members.words("readonlyPaths"),
                members.word("rootfsPropagation"));
    }

    private Dependency dependency(Node node) {
        ServiceMembers members = new ServiceMembers(node, "a dependency", DEPENDENCY, datesAreTexts, notes);
        return new Dependency(
                members.word("service"),
                members.word("path"),
                members.words("network"),
                members.flag("time"),
                members.flag("configuration"),
                members.at());
    }
}
