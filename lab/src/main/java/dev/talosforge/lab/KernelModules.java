package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Modules of a Debian kernel in an order in which they can be loaded one by one, each after those it needs. The
 * kernel's own index is only made when a package is installed, so their {@code .modinfo} sections are read for the
 * dependencies.
 */
final class KernelModules {
    private static final int MAX_MODULE = 32 << 20;
    private static final Pattern FILE = Pattern.compile("([^/]+)\\.ko(?:\\.(?:xz|gz|zst))?");
    private static final Pattern DEPENDS = Pattern.compile("\\x00depends=([^\\x00]*)\\x00");

    private final NavigableMap<String, Entry.RegularFile> files = new TreeMap<>();
    private final SequencedMap<String, ByteSource> ordered = new LinkedHashMap<>();
    private final String builtIn;

    private KernelModules(FileTree kernel) throws IOException {
        StringBuilder inKernel = new StringBuilder();
        for (Entry entry : kernel.below("usr/lib/modules")) {
            Matcher module = FILE.matcher(FileTree.nameOf(entry.path()));
            if (entry instanceof Entry.RegularFile file && module.matches()) {
                files.put(named(module.group(1)), file);
            } else if (entry instanceof Entry.RegularFile file && entry.path().endsWith("/modules.builtin")) {
                inKernel.append(new String(file.content().readAll("modules.builtin", MAX_MODULE), ISO_8859_1));
            }
        }
        builtIn = named(inKernel.toString());
    }

    /**
     * The wanted modules and everything that they need, uncompressed, by name. What is built into the kernel is left
     * out; what is neither there nor built in is a {@link LimitException}.
     */
    static SequencedMap<String, ByteSource> inLoadOrder(FileTree kernel, List<String> wanted) throws IOException {
        KernelModules modules = new KernelModules(kernel);
        for (String name : wanted) {
            modules.add(name);
        }
        return modules.ordered;
    }

    private void add(String name) throws IOException {
        Entry.RegularFile file = files.get(name);
        if (file == null) {
            if (builtIn.contains("/" + name + ".ko")) {
                return;
            }
            throw new LimitException("Debian kernel", name, "there is no such kernel module");
        }
        if (ordered.containsKey(name)) {
            return;
        }
        byte[] content = uncompressed(file);
        Matcher depends = DEPENDS.matcher(new String(content, ISO_8859_1));
        if (depends.find()) {
            for (String needed : depends.group(1).split(",", -1)) {
                if (!needed.isEmpty()) {
                    add(named(needed));
                }
            }
        }
        ordered.put(name, ByteSource.of(content));
    }

    private static byte[] uncompressed(Entry.RegularFile file) throws IOException {
        try (InputStream in =
                Compression.of(file.content()).decoder().decode(file.content().open())) {
            byte[] content = in.readNBytes(MAX_MODULE + 1);
            if (content.length > MAX_MODULE) {
                throw new LimitException("Debian kernel", file.path(), "more than %d bytes".formatted(MAX_MODULE));
            }
            return content;
        }
    }

    /** Files may have a hyphen where the module has an underscore. */
    private static String named(String file) {
        return file.replace('-', '_');
    }
}
