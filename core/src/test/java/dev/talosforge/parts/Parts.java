package dev.talosforge.parts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an artifact is made of, part by part: each has a name and a text, and two artifacts are compared by them. Parts
 * that are taken apart themselves are called by a name where they occur, so that one byte of them is one difference.
 */
public final class Parts {
    private static final int SHOWN_DIGITS = 16;
    private static final int MAX_TEXT = 4096;

    private final SortedMap<String, String> texts = new TreeMap<>();
    private final SortedMap<String, String> known = new TreeMap<>();
    private final SortedSet<String> takenApart = new TreeSet<>();

    public Parts() {}

    /** Of another artifact of the same maker: what was taken apart there is not taken apart again. */
    public Parts(Parts before) {
        takenApart.addAll(before.takenApart);
    }

    /** All of them, by name. */
    public SortedMap<String, String> texts() {
        return Collections.unmodifiableSortedMap(texts);
    }

    void put(String part, Object text) {
        String given = String.valueOf(text);
        String before = texts.put(part, given);
        if (before != null && !before.equals(given)) {
            throw new IllegalStateException("%s is both %s and %s".formatted(part, before, given));
        }
    }

    /** For what may occur more than once under a name: numbered from 1. */
    void putNext(String part, Object text) {
        int number = 1;
        while (texts.containsKey(part + " " + number)) {
            number++;
        }
        put(part + " " + number, text);
    }

    /** Whoever has this content is called by that name from now on. */
    void call(ByteSource content, String name) throws IOException {
        known.put(Sha256.of(content).hex(), name);
    }

    /** Whether this is the first time that somebody wants to take it apart. */
    boolean isNew(ByteSource content) throws IOException {
        return takenApart.add(Sha256.of(content).hex());
    }

    /** Name, else size and digest. */
    String content(ByteSource content) throws IOException {
        String digest = Sha256.of(content).hex();
        String name = known.get(digest);
        return name != null ? name : "%d bytes, %s".formatted(content.size(), digest.substring(0, SHOWN_DIGITS));
    }

    /** A short text as it stands, in one line; anything else as {@link #content}. */
    String textOrContent(ByteSource content) throws IOException {
        if (content.size() > MAX_TEXT) {
            return content(content);
        }
        byte[] bytes = content.readAll("text", MAX_TEXT);
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            boolean plain = text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t');
            return plain ? oneLine(text) : content(content);
        } catch (CharacterCodingException e) {
            return content(content);
        }
    }

    private static String oneLine(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t") + "\"";
    }

    /** What is in one of the two only, or otherwise, in the order of their names. */
    public static List<Difference> differences(Parts ours, Parts theirs) {
        SortedSet<String> parts = new TreeSet<>(ours.texts.keySet());
        parts.addAll(theirs.texts.keySet());
        List<Difference> found = new ArrayList<>();
        for (String part : parts) {
            String one = ours.texts.getOrDefault(part, Difference.NOTHING);
            String other = theirs.texts.getOrDefault(part, Difference.NOTHING);
            if (!one.equals(other)) {
                found.add(new Difference(part, one, other));
            }
        }
        return found;
    }
}
