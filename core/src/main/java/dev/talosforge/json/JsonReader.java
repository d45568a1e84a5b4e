package dev.talosforge.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonBool;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Reads one JSON document from outside. Depth, lengths and the number of values are bounded; duplicate members and
 * anything after the document are refused.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 2_000_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(200)
                    .build())
            .build();

    private final String structure;
    private final JsonParser parser;
    private int values;

    /** Length of git's conflict markers. */
    private static final int MARK = 7;

    private JsonReader(String structure, JsonParser parser) {
        this.structure = structure;
        this.parser = parser;
    }

    /**
     * The document's value.
     *
     * @param structure what the text is, for errors: "OCI manifest"
     * @throws ConflictException if it is not JSON because of a git conflict
     */
    public static Json read(String structure, byte[] utf8) throws FormatException {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            JsonReader reader = new JsonReader(structure, parser);
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new FormatException(structure, 0, "is empty; expected JSON");
            }
            Json value = reader.value(first);
            if (parser.nextToken() != null) {
                throw reader.broken("has more than one JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            long offset =
                    e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            int conflict = conflict(utf8);
            throw conflict > 0
                    ? new ConflictException(structure, offset, conflict)
                    : new FormatException(structure, offset, "is not JSON", e.getOriginalMessage());
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException(structure, 0, "is not JSON", String.valueOf(e.getMessage()));
        }
    }

    /** The line, from 1, of the first git conflict marker; 0 if there is none. */
    private static int conflict(byte[] utf8) {
        int line = 1;
        boolean starts = true;
        for (int at = 0; at < utf8.length; at++) {
            if (starts && utf8[at] == '<' && at + MARK <= utf8.length) {
                int length = 1;
                while (length < MARK && utf8[at + length] == '<') {
                    length++;
                }
                if (length == MARK) {
                    return line;
                }
            }
            starts = utf8[at] == '\n';
            line += starts ? 1 : 0;
        }
        return 0;
    }

    /** As {@link #read}, for a document that must be an object. */
    public static JsonObject readObject(String structure, byte[] utf8) throws FormatException {
        if (read(structure, utf8) instanceof JsonObject object) {
            return object;
        }
        throw new FormatException(structure, 0, "is not a JSON object");
    }

    private Json value(JsonToken token) throws IOException {
        if (++values > MAX_VALUES) {
            throw broken("has more than %d values".formatted(MAX_VALUES));
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> new JsonText(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> new JsonBool(true);
            case VALUE_FALSE -> new JsonBool(false);
            case VALUE_NULL -> Json.ofNull();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw broken("has an unexpected " + token);
        };
    }

    private Json number() throws IOException {
        try {
            return new JsonNumber(parser.getDecimalValue());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new FormatException(structure, at(), "has a number out of range", parser.getText());
        }
    }

    private Json object() throws IOException {
        SequencedMap<String, Json> members = new LinkedHashMap<>();
        while (next() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(next()));
        }
        return new JsonObject(members);
    }

    private Json array() throws IOException {
        List<Json> items = new ArrayList<>();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            items.add(value(token));
        }
        return new JsonArray(items);
    }

    private JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw broken("ends too early");
        }
        return token;
    }

    private FormatException broken(String reason) {
        return new FormatException(structure, at(), reason);
    }

    private long at() {
        return Math.max(0, parser.currentLocation().getByteOffset());
    }
}
