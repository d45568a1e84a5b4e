package dev.talosforge.pipeline.inputs;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.extension.Origin;
import dev.talosforge.talos.Architecture;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the place of an archive or a download and its expected digest: one, or one for each architecture. */
final class OriginReader {
    private static final String DIGEST = "sha256";
    private static final Sha256 UNSET = Sha256.of(new byte[0]);

    private OriginReader() {}

    static Origin read(ObjectReader reader, String name, List<Architecture> architectures) {
        String written = reader.required(name);
        String named = reader.in().named(written);
        Origin origin =
                new Origin(named, reader.in().folderOf(written, named), digests(reader, architectures, written));
        if (!written.isEmpty()) {
            check(reader, name, origin, architectures);
        }
        return origin;
    }

    private static void check(ObjectReader reader, String name, Origin origin, List<Architecture> architectures) {
        for (Architecture architecture : architectures) {
            if (origin.isRemote()) {
                String why = whyNot(origin, architecture);
                if (why != null) {
                    reader.wrong(name, why);
                    return;
                }
            } else if (origin.written().matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
                reader.wrong(name, "is neither an HTTP or HTTPS address nor a path");
                return;
            } else if (!Files.isRegularFile(origin.path(architecture.label()))) {
                reader.wrong(name, "names %s, which is not a file".formatted(origin.path(architecture.label())));
            }
        }
    }

    private static @org.jspecify.annotations.Nullable String whyNot(Origin origin, Architecture architecture) {
        try {
            URI uri = origin.address(architecture.label());
            return uri.getHost() == null || uri.getUserInfo() != null
                    ? "is not an HTTP or HTTPS address without credentials"
                    : null;
        } catch (IllegalArgumentException e) {
            return "is not an address: \"%s\"".formatted(origin.written());
        }
    }

    private static SortedMap<String, Sha256> digests(
            ObjectReader reader, List<Architecture> architectures, String written) {
        SortedMap<String, Sha256> digests = new TreeMap<>();
        if (reader.value(DIGEST) instanceof Value.Mapping) {
            reader.map(DIGEST).forEach((label, text) -> {
                if (Architecture.of(label) == null) {
                    reader.wrong(
                            DIGEST,
                            "has \"%s\", which is neither amd64 nor arm64".formatted(label),
                            TargetInputs.suggestion(label));
                } else {
                    digests.put(label, digest(reader, text));
                }
            });
            for (Architecture architecture : architectures) {
                if (!digests.containsKey(architecture.label())) {
                    reader.wrong(DIGEST, "has none for %s, for which the unit builds".formatted(architecture.label()));
                    digests.put(architecture.label(), UNSET);
                }
            }
        } else {
            String text = reader.required(DIGEST);
            digests.put(Origin.ALL, text.isEmpty() ? UNSET : digest(reader, text));
            if (architectures.size() > 1 && written.contains(Origin.ARCHITECTURE)) {
                reader.wrong(
                        DIGEST,
                        "is one digest for several files; write one for each: { amd64 = \"…\", arm64 = \"…\" }");
            }
        }
        return digests;
    }

    private static Sha256 digest(ObjectReader reader, String text) {
        Sha256 digest = text.startsWith("sha256:") ? Sha256.tryParse(text) : Sha256.tryHex(text);
        if (digest != null) {
            return digest;
        }
        reader.wrong(DIGEST, "is \"%s\"; expected 64 digits from 0 to 9 and a to f".formatted(text));
        return UNSET;
    }
}
