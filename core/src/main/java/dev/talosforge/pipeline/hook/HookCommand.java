package dev.talosforge.pipeline.hook;

import dev.talosforge.config.unit.Hook;
import java.util.List;
import java.util.stream.Collectors;

/** A hook's command as people see it: quoted as a shell would want it, without secrets, and not too long. */
final class HookCommand {
    private static final int MAX_SHOWN = 160;

    private HookCommand() {}

    static String of(Hook hook, KnownSecrets secrets) {
        return of(hook.execute(), secrets);
    }

    static String of(List<String> command, KnownSecrets secrets) {
        // Hidden first: a quoted secret looks otherwise.
        String all =
                command.stream().map(secrets::hide).map(HookCommand::quoted).collect(Collectors.joining(" "));
        String clean = secrets.hide(all).replaceAll("[\\p{Cntrl}\\s]+", " ");
        return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, clean.offsetByCodePoints(0, cut(clean))) + " …";
    }

    /** In code points, so that none is split. */
    private static int cut(String text) {
        return Math.min(MAX_SHOWN, text.codePointCount(0, text.length()));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
