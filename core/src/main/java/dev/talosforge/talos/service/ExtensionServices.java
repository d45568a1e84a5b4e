package dev.talosforge.talos.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.problem.Where;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ServiceSpec.Word;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services of an extension: read from its files, and checked against the rest of them. */
public final class ExtensionServices {
    private static final String FILES = "usr/local/etc/containers";
    private static final String ROOTS = "usr/local/lib/containers";
    private static final String SUFFIX = ".yaml";
    private static final int MAX_SIZE = 256 << 10;
    private static final int MAX_FILES = 100;

    private final FileTree rootfs;
    private final LinkWalk links;
    private final ServiceNotes notes;
    private final List<ServiceSpec> services = new ArrayList<>();

    private ExtensionServices(FileTree rootfs, ServiceNotes notes) {
        this.notes = notes;
        this.rootfs = rootfs;
        this.links = new LinkWalk(rootfs);
    }

    /** What the service files of an extension say; invalid ones are left out. */
    public static List<ServiceSpec> of(FileTree rootfs) throws IOException {
        ExtensionServices found = new ExtensionServices(rootfs, ServiceNotes.empty());
        found.read(true);
        return List.copyOf(found.services);
    }

    /**
     * Everything that Talos would reject, that would keep a service from starting, or that is hardly intended.
     *
     * @param architecture of the extension; null if unknown
     */
    public static List<ServiceNotes.Note> check(
            FileTree rootfs, TalosVersion version, @Nullable Architecture architecture) throws IOException {
        ExtensionServices found = new ExtensionServices(rootfs, ServiceNotes.empty());
        Map<String, ServiceNotes> places = found.read(!version.atLeast(1, 14, 0));
        Map<String, String> byName = new HashMap<>();
        for (ServiceSpec service : found.services) {
            ServiceNotes notes = places.getOrDefault(service.file(), found.notes);
            ServiceRules.check(service, version, notes);
            ServiceMounts.check(service, found.links, found.root(service), version, notes);
            Word name = service.name();
            if (name == null) {
                continue;
            }
            String first = byName.putIfAbsent(name.text(), service.file());
            if (first != null) {
                notes.error(
                        name.at(),
                        "%s already has a service \"%s\", and Talos takes only that one".formatted(first, name.text()),
                        "rename this one");
            }
            found.container(service, name, architecture, notes);
        }
        found.unused(byName.keySet());
        return found.notes.all();
    }

    /**
     * Remarks about a service file that do not depend on the rest of the extension.
     *
     * @param path of the file, from the extension's root file system
     */
    public static List<Remark> remarks(String path, String text, TalosVersion version) throws IOException {
        ExtensionServices found =
                new ExtensionServices(new TreeBuilder(0).file(path, 0644, text).build(), ServiceNotes.ofOneFile());
        Map<String, ServiceNotes> places = found.read(!version.atLeast(1, 14, 0));
        for (ServiceSpec service : found.services) {
            ServiceNotes notes = places.getOrDefault(service.file(), found.notes);
            ServiceRules.check(service, version, notes);
            ServiceMounts.check(service, found.links, null, version, notes);
        }
        return remarks(found.notes, text);
    }

    private static List<Remark> remarks(ServiceNotes notes, String text) {
        YamlPaths paths = YamlPaths.of(text);
        boolean wrong = notes.all().stream().anyMatch(ServiceNotes.Note::fatal);
        return notes.all().stream()
                .map(note -> new Remark(
                        note.fatal() || (wrong && note.misspelt()),
                        note.where(),
                        note.where() == null ? "" : paths.at(note.where()),
                        note.where() != null && paths.isName(note.where()),
                        note.why(),
                        note.remedy()))
                .toList();
    }

    /**
     * Whether the programs of services exist, for an extension of which only the paths are known.
     *
     * @param path of the service file whose remarks are wanted
     */
    public static List<Remark> missingPrograms(FileTree rootfs, String path, TalosVersion version) throws IOException {
        ExtensionServices found = new ExtensionServices(rootfs, ServiceNotes.ofOneFile());
        Map<String, ServiceNotes> places = found.read(!version.atLeast(1, 14, 0));
        ServiceNotes notes = ServiceNotes.ofOneFile();
        String text = "";
        for (ServiceSpec service : found.services) {
            Word name = service.name();
            if (name == null || !service.file().equals("/" + path) || places.get(service.file()) == null) {
                continue;
            }
            String folder = ROOTS + "/" + name.text();
            if (rootfs.get(path) instanceof Entry.RegularFile file
                    && !name.text().contains("/")
                    && rootfs.get(folder) instanceof Entry.Directory) {
                text = new String(file.content().readAll("service file", MAX_SIZE), UTF_8);
                ContainerFiles files = new ContainerFiles(
                        rootfs.subtree(folder), found.links, service.container().mounts());
                new ServiceProgram(files, service.container(), "/" + folder, null)
                        .checkPresence(notes.in(service.file(), text));
            }
        }
        return remarks(notes, text);
    }

    /** What a place in a service file is about, for {@link Remark#within}. */
    public static String within(String text, Where.Source place) {
        return YamlPaths.of(text).at(place);
    }

    /**
     * A remark about a service file.
     *
     * @param fatal Talos rejects the file, or the service can never start, or it is the reason; otherwise Talos
     *     accepts it, but it is hardly intended
     * @param where its place in the file; null if unknown
     * @param within what it is about, from the document: {@code ".container.mounts[0].options"}; empty for all of
     *     it
     * @param name whether it is about that member's name, not its value
     */
    public record Remark(
            boolean fatal,
            Where.@Nullable Source where,
            String within,
            boolean name,
            String why,
            @Nullable String remedy) {
        /** With its line, for callers that do not show the place. */
        public String whyWithLine() {
            return where == null ? why : "%s (line %d of it)".formatted(why, where.line());
        }
    }

    /**
     * The notes of each service file.
     *
     * @param datesAreTexts as with all readers before Talos 1.14
     */
    private Map<String, ServiceNotes> read(boolean datesAreTexts) throws IOException {
        Map<String, ServiceNotes> places = new HashMap<>();
        List<Entry> entries = rootfs.children(FILES);
        if (entries.size() > MAX_FILES) {
            notes.error(
                    null, "/%s has %d files; at most %d are read".formatted(FILES, entries.size(), MAX_FILES), null);
            return places;
        }
        for (Entry entry : entries) {
            String path = "/" + entry.path();
            String name = FileTree.nameOf(path);
            ServiceNotes empty = notes.in(path, "");
            Entry file = links.at(entry.path());
            if (!name.endsWith(SUFFIX)) {
                ending(path, name, empty);
            } else if (!(file instanceof Entry.RegularFile regular)) {
                empty.error(null, "%s is not a file".formatted(path), null);
            } else {
                try {
                    String text = YamlDocument.utf8(regular.content().readAll("service file", MAX_SIZE));
                    ServiceNotes here = notes.in(path, text);
                    ServiceSpec service = ServiceReader.read(path, text, datesAreTexts, here);
                    if (service != null) {
                        services.add(service);
                        places.put(path, here);
                    }
                } catch (YamlDocument.SyntaxException e) {
                    empty.error(null, e.what(), null);
                }
            }
        }
        return places;
    }

    private static void ending(String path, String name, ServiceNotes notes) {
        if (name.endsWith(".yml") || name.toLowerCase(java.util.Locale.ROOT).endsWith(SUFFIX)) {
            notes.error(
                    null,
                    "the name of %s does not end in .yaml, and Talos reads no others".formatted(path),
                    "rename it to %s.yaml".formatted(name.substring(0, name.lastIndexOf('.'))));
        } else {
            notes.warning(
                    null,
                    "the name of %s does not end in .yaml, and Talos reads no others".formatted(path),
                    "move it to another folder");
        }
    }

    /** The root of a service's container; null if the extension has none. */
    private @Nullable LinkWalk root(ServiceSpec service) throws IOException {
        String folder =
                ROOTS + "/" + (service.name() == null ? "" : service.name().text());
        return rootfs.get(folder) instanceof Entry.Directory ? new LinkWalk(rootfs.subtree(folder)) : null;
    }

    private void container(ServiceSpec service, Word name, @Nullable Architecture architecture, ServiceNotes notes)
            throws IOException {
        String folder = ROOTS + "/" + name.text();
        if (name.text().isEmpty() || name.text().contains("/")) {
            return; // already reported
        }
        if (!(rootfs.get(folder) instanceof Entry.Directory)) {
            notes.error(
                    name.at(),
                    "there is no folder /%s: the container of the service has no files".formatted(folder),
                    "put its root file system there, or give the service the name of its folder");
            return;
        }
        FileTree root = rootfs.subtree(folder);
        ContainerFiles files =
                new ContainerFiles(root, links, service.container().mounts());
        new ServiceProgram(files, service.container(), "/" + folder, architecture).check(notes);
    }

    private void unused(Set<String> names) {
        Set<String> known = new HashSet<>(names);
        for (Entry entry : rootfs.children(ROOTS)) {
            String name = FileTree.nameOf(entry.path());
            if (!known.contains(name)) {
                notes.warning(
                        null,
                        "no service of this extension runs in /%s".formatted(entry.path()),
                        "add /%s/%s.yaml".formatted(FILES, name));
            }
        }
    }
}
