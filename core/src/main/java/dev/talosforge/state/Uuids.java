package dev.talosforge.state;

import dev.talosforge.bytes.Sha256;
import java.nio.charset.StandardCharsets;

/** UUIDs like those that Terraform generates at random, but derived from what they identify. */
final class Uuids {
    private Uuids() {}

    /** A version 8 UUID with 122 bits of the text's digest. */
    static String of(String text) {
        String hex = Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex();
        return "%s-%s-8%s-8%s-%s"
                .formatted(
                        hex.substring(0, 8),
                        hex.substring(8, 12),
                        hex.substring(13, 16),
                        hex.substring(17, 20),
                        hex.substring(20, 32));
    }
}
