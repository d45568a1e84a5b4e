package dev.talosforge.pipeline;

import dev.talosforge.config.Hook;
import dev.talosforge.config.Unit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where hooks run. */
final class HookPlace {
    private static final String FILE = "file://";
    private static final Pattern OUTPUT =
            Pattern.compile("\\b(?:terraform|tofu|TG_CTX_TF_PATH)\\b\\S*(?:\\s+-\\S+)*\\s+output\\b");

    private HookPlace() {}

    /**
     * The folder that a hook asks for, from the unit's; else the one in which Terragrunt would run Terraform, where it is
     * there; else the unit's.
     */
    static Path of(Unit unit, Hook hook, String command) {
        String asked = hook.workingDirectory();
        if (asked != null) {
            return unit.directory().resolve(asked).normalize();
        }
        Path cache = command.equals(Hook.CONFIGURATION_READ) ? null : terragrunts(unit);
        return cache != null && Files.isDirectory(cache) ? cache : unit.directory();
    }

    /**
     * Whether a hook asks Terraform for outputs in a folder in which it finds none: it would hand on nothing, and call
     * that a success.
     */
    static boolean missesOutputs(Hook hook, Path folder) {
        return OUTPUT.matcher(String.join(" ", hook.execute())).find()
                && !Files.exists(folder.resolve("terraform.tfstate"))
                && !Files.exists(folder.resolve(".terraform").resolve("terraform.tfstate"));
    }

    /**
     * Where Terragrunt keeps its copy of a module on this machine: below two hashes, of the unit's folder and of the
     * source's address before {@code //}; measured with 0.96.1 and 1.1.3. Null for a source elsewhere.
     */
    private static @Nullable Path terragrunts(Unit unit) {
        String source = unit.source();
        if (source == null || source.contains("::") || source.contains("?")) {
            return null;
        }
        String path = source.startsWith(FILE) ? source.substring(FILE.length()) : source;
        if (path.contains("://")) {
            return null;
        }
        int split = path.indexOf("//");
        String base = split < 0 ? path : path.substring(0, split);
        String module = split < 0 ? "" : path.substring(split + 2);
        try {
            Path root = unit.directory().resolve(base).normalize();
            return unit.directory()
                    .resolve(".terragrunt-cache")
                    .resolve(hash(unit.directory().toString()))
                    .resolve(hash(FILE + root))
                    .resolve(module)
                    .normalize();
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String hash(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
