package dev.talosforge.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a configuration's text is never shown. */
class SecretTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "  password = \"hunter2\"|  password = \"…",
                "  password=\"hunter2\"|  password=\"…",
                "  Proxmox_API_Token = \"a@b!c=d\" # x|  Proxmox_API_Token = \"…",
                "  \"db-password\" : \"hunter2\",|  \"db-password\" : \"…",
                "inputs = { a = 1, secret = \"x\", b = 2 }|inputs = { a = 1, secret = \"…",
                "  api_key = 12345|  api_key = …",
                "  token = trimspace(\"abc\")|  token = trimspace(\"…",
                "  environment = [\"DB_PASSWORD=hunter2\", \"A=b\"]|  environment = [\"DB_PASSWORD=…",
                "  password = \"hunter2|  password = \"…",
                "  password = 'hunter2'|  password = '…",
                "  (local.password_key) = \"x\"|  (local.password_key) = \"…",
                "password: hunter2|password: …",
                "  - DB_PASSWORD=hunter2|  - DB_PASSWORD=…",
                "passwords = [\"a\", \"b\"]|passwords = [\"…",
                "  password = \"${local.a}-x\"|  password = \"…"
            })
    void theValueOfASecretIsHidden(String text, String shown) {
        assertEquals(shown, SecretText.of(text).shown(0, text.length()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "  password = local.password",
                "  password = dependency.core.outputs.password",
                "  password = var.password",
                "  password_file = \"/run/secrets/a\"",
                "  token_ttl = 5",
                "  author = \"nobody\"",
                "  a = \"no secret here\"",
                "  source = \"git::https://h/secret//talos_images\"",
                "  enabled = local.token == \"\" ? 1 : 2",
                "  secrets = yamldecode(sops_decrypt_file(local.f))"
            })
    void whatIsNoSecretStays(String text) {
        assertEquals(text, SecretText.of(text).shown(0, text.length()));
    }

    @Test
    void textsOverSeveralLinesAreHidden() {
        assertEquals(
                List.of("  private_key = <<-EOT", "…", "…", "  EOT", "  name = \"x\""),
                SecretText.of("  private_key = <<-EOT\n    AAA\n    password = 1\n  EOT\r\n  name = \"x\"\n")
                        .lines());
        assertEquals(
                List.of("  secrets = {", "    a = \"…", "    b = …", "  }", "  c = \"x\""),
                SecretText.of("  secrets = {\n    a = \"x\"\n    b = 12\n  }\n  c = \"x\"")
                        .lines());
        assertEquals(
                List.of("secret: |", "  …", "", "  …", "name: x"),
                SecretText.of("secret: |\n  one\n\n  two\nname: x\n").lines());
        assertEquals(
                List.of("credentials:", "  …", "name: x"),
                SecretText.of("credentials:\n  user: a\nname: x").lines());
    }

    @Test
    void aLongLineIsReadInReasonableTime() {
        String text = "token=1,".repeat(500_000);
        assertTimeoutPreemptively(
                Duration.ofMinutes(5), () -> SecretText.of(text).shown(0, text.length()));
    }
}
