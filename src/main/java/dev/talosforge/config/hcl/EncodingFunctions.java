package dev.talosforge.config.hcl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Base64, URLs, tables with commas, and digests. */
final class EncodingFunctions {
    private EncodingFunctions() {}

    static List<Function> all() {
        List<Function> functions = new ArrayList<>(List.of(
                Function.of("base64encode", 1, 1, a -> Value.of(base64(utf8(a, 0)))),
                Function.of("base64decode", 1, 1, a -> decoded(a, StandardCharsets.UTF_8)),
                Function.of(
                        "textencodebase64", 2, 2, a -> Value.of(base64(a.text(0).getBytes(charset(a))))),
                Function.of("textdecodebase64", 2, 2, a -> decoded(a, charset(a))),
                Function.of("base64gzip", 1, 1, a -> Value.of(base64(gzip(utf8(a, 0))))),
                Function.of("urlencode", 1, 1, a -> Value.of(urlEncode(a.text(0)))),
                Function.of("csvdecode", 1, 1, EncodingFunctions::csv),
                Function.of("uuidv5", 2, 2, EncodingFunctions::uuid)));
        for (String[] digest :
                new String[][] {{"md5", "MD5"}, {"sha1", "SHA-1"}, {"sha256", "SHA-256"}, {"sha512", "SHA-512"}}) {
            functions.add(Function.of(digest[0], 1, 1, a -> Value.of(hex(digest[1], utf8(a, 0)))));
        }
        functions.add(Function.of("base64sha256", 1, 1, a -> Value.of(base64(digest("SHA-256", utf8(a, 0))))));
        functions.add(Function.of("base64sha512", 1, 1, a -> Value.of(base64(digest("SHA-512", utf8(a, 0))))));
        return functions;
    }

    private static byte[] utf8(Arguments arguments, int index) {
        return arguments.text(index).getBytes(StandardCharsets.UTF_8);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Value decoded(Arguments arguments, Charset charset) {
        try {
            byte[] bytes = Base64.getDecoder().decode(arguments.text(0));
            return Value.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException e) {
            throw arguments.failure(0, "it is not base64");
        } catch (CharacterCodingException e) {
            throw arguments.failure(0, "what it encodes is not text in " + charset.name());
        }
    }

    private static Charset charset(Arguments arguments) {
        try {
            return Charset.forName(arguments.text(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw arguments.failure(1, "there is no encoding \"%s\"".formatted(arguments.text(1)));
        }
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

    /** RFC 9562, section 5.5: from the digest of a name space and a name. */
    private static Value uuid(Arguments arguments) {
        String space = switch (arguments.text(0)) {
            case "dns" -> "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
            case "url" -> "6ba7b811-9dad-11d1-80b4-00c04fd430c8";
            case "oid" -> "6ba7b812-9dad-11d1-80b4-00c04fd430c8";
            case "x500" -> "6ba7b814-9dad-11d1-80b4-00c04fd430c8";
            default -> arguments.text(0);
        };
        if (!space.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw arguments.failure(0, "a name space is a UUID or one of dns, url, oid, x500");
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
        List<List<String>> rows = rows(arguments);
        if (rows.isEmpty()) {
            throw arguments.failure(0, "it has no line with the columns' names");
        }
        List<String> names = rows.getFirst();
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

    /** RFC 4180. Empty lines are left out. */
    private static List<List<String>> rows(Arguments arguments) {
        String text = arguments.text(0).replace("\r\n", "\n");
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (quoted) {
                if (i == text.length()) {
                    throw arguments.failure(0, "a quoted field has no end");
                }
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append(c);
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    field.append(c);
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    if (row.size() > 1 || !row.getFirst().isEmpty()) {
                        rows.add(row);
                    }
                    row = new ArrayList<>();
                }
            } else {
                field.append(c);
            }
        }
        return rows;
    }
}
