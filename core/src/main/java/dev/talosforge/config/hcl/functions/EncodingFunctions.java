package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Base64, URLs, CSV and digests. */
final class EncodingFunctions {
    private EncodingFunctions() {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>(List.of(
                Function.of("base64encode(str)", a -> Value.of(base64(utf8(a, 0)))),
                Function.of("base64decode(str)", a -> decoded(a, fromBase64(a), StandardCharsets.UTF_8)),
                Function.of("base64gunzip(str)", EncodingFunctions::gunzip),
                Function.of("urldecode(str)", EncodingFunctions::urlDecode),
                Function.of("textencodebase64(string, encoding)", a -> Value.of(base64(encoded(a)))),
                Function.of("textdecodebase64(source, encoding)", EncodingFunctions::textDecoded),
                Function.of("base64gzip(str)", a -> Value.of(base64(gzip(utf8(a, 0))))),
                Function.of("urlencode(str)", a -> Value.of(urlEncode(a.text(0)))),
                Function.of("csvdecode(str)", EncodingFunctions::csv),
                Function.of("uuidv5(namespace, name)", EncodingFunctions::uuid)));
        for (String[] digest :
                new String[][] {{"md5", "MD5"}, {"sha1", "SHA-1"}, {"sha256", "SHA-256"}, {"sha512", "SHA-512"}}) {
            functions.add(Function.of(digest[0] + "(str)", a -> Value.of(hex(digest[1], utf8(a, 0)))));
        }
        functions.add(Function.of("base64sha256(str)", a -> Value.of(base64(digest("SHA-256", utf8(a, 0))))));
        functions.add(Function.of("base64sha512(str)", a -> Value.of(base64(digest("SHA-512", utf8(a, 0))))));
        return functions;
    }

    private static byte[] utf8(Arguments arguments, int index) {
        return arguments.text(index).getBytes(StandardCharsets.UTF_8);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] fromBase64(Arguments arguments) {
        String digits = arguments.text(0).replaceAll("[\r\n]", "");
        try {
            if (digits.length() % 4 != 0) {
                throw arguments.failure(0, "it is not base64: its length is not a multiple of 4");
            }
            return Base64.getDecoder().decode(digits);
        } catch (IllegalArgumentException e) {
            throw arguments.failure(0, "it is not base64");
        }
    }

    private static Value decoded(Arguments arguments, byte[] bytes, Charset charset) {
        try {
            return Value.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw arguments.failure(0, "the decoded content is not text in " + charset.name());
        }
    }

    /** A replacement character for unreadable bytes is not text, even if it was intended. */
    private static Value textDecoded(Arguments arguments) {
        Charset charset = charset(arguments);
        Value decoded = decoded(arguments, fromBase64(arguments), charset);
        if (decoded instanceof Value.Text(String text) && text.indexOf('\uFFFD') >= 0) {
            throw arguments.failure(0, "the decoded content is not text in " + charset.name());
        }
        return decoded;
    }

    private static byte[] encoded(Arguments arguments) {
        Charset charset = charset(arguments);
        try {
            ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(arguments.text(0)));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw arguments.failure(0, "it has characters that %s does not have".formatted(charset.name()));
        }
    }

    private static Charset charset(Arguments arguments) {
        Charset charset = TextEncodings.find(arguments.text(1));
        if (charset == null) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    1,
                    "there is no encoding \"%s\"".formatted(arguments.text(1)),
                    NearestName.suggestion(arguments.text(1), TextEncodings.names()));
        }
        return charset;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Value gunzip(Arguments arguments) {
        byte[] packed = fromBase64(arguments);
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = gzip.readNBytes(Value.MAX_TEXT + 1);
            if (bytes.length > Value.MAX_TEXT) {
                throw arguments.failure(0, "it has more than %d bytes when unpacked".formatted(Value.MAX_TEXT));
            }
            return decoded(arguments, bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw arguments.failure(0, "the decoded content is not gzip data");
        }
    }

    private static Value urlDecode(Arguments arguments) {
        String text = arguments.text(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                out.write(bytes[i] == '+' ? ' ' : bytes[i]);
                continue;
            }
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw arguments.failure(0, "a % needs two hexadecimal digits after it");
            }
            out.write(high << 4 | low);
            i += 2;
        }
        return decoded(arguments, out.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String urlEncode(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xFF;
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_.~".indexOf(c) >= 0;
            if (plain) {
                out.append((char) c);
            } else if (c == ' ') {
                out.append('+');
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", c));
            }
        }
        return out.toString();
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    static String hex(String algorithm, byte[] bytes) {
        return HexFormat.of().formatHex(digest(algorithm, bytes));
    }

    /** RFC 9562, section 5.5: from the digest of a namespace and a name. */
    private static Value uuid(Arguments arguments) {
        String space = switch (arguments.text(0)) {
            case "dns" -> "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
            case "url" -> "6ba7b811-9dad-11d1-80b4-00c04fd430c8";
            case "oid" -> "6ba7b812-9dad-11d1-80b4-00c04fd430c8";
            case "x500" -> "6ba7b814-9dad-11d1-80b4-00c04fd430c8";
            default -> arguments.text(0);
        };
        if (!space.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw arguments.failure(0, "a namespace is a UUID or one of dns, url, oid, x500");
        }
        byte[] prefix = HexFormat.of().parseHex(space.replace("-", ""));
        byte[] name = utf8(arguments, 1);
        byte[] both = ByteBuffer.allocate(prefix.length + name.length)
                .put(prefix)
                .put(name)
                .array();
        byte[] id = digest("SHA-1", both);
        id[6] = (byte) ((id[6] & 0x0F) | 0x50);
        id[8] = (byte) ((id[8] & 0x3F) | 0x80);
        String digits = HexFormat.of().formatHex(id, 0, 16);
        return Value.of(String.join(
                "-",
                digits.substring(0, 8),
                digits.substring(8, 12),
                digits.substring(12, 16),
                digits.substring(16, 20),
                digits.substring(20)));
    }

    private static Value csv(Arguments arguments) {
        List<List<String>> rows;
        try {
            rows = CsvText.rows(arguments.text(0));
        } catch (IllegalArgumentException e) {
            throw arguments.failure(0, String.valueOf(e.getMessage()));
        }
        if (rows.isEmpty()) {
            throw arguments.failure(0, "it has no line with the names of the columns");
        }
        List<String> names = rows.getFirst();
        for (int i = 0; i < names.size(); i++) {
            if (names.indexOf(names.get(i)) < i) {
                throw arguments.failure(0, "two columns have the name \"%s\"".formatted(names.get(i)));
            }
        }
        List<Value> objects = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            if (row.size() != names.size()) {
                throw arguments.failure(
                        0,
                        "row %d has %d fields, the first has %d"
                                .formatted(objects.size() + 2, row.size(), names.size()));
            }
            SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
            for (int i = 0; i < names.size(); i++) {
                members.put(names.get(i), Value.of(row.get(i)));
            }
            objects.add(Value.object(members));
        }
        return Value.list(objects);
    }
}
