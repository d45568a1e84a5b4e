package dev.talosforge.cli.text;

import dev.talosforge.bytes.DiskName;
import dev.talosforge.problem.NameProblem;
import dev.talosforge.problem.Problem;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The user's locale never affects a result. The launcher sets a locale with the character map UTF-8 for the JVM;
 * programs that are run for the user get the user's own locale.
 */
public final class UserLocale {
    private static final String LC_ALL = "LC_ALL";

    /** The value of LC_ALL before the launcher set another; empty if it was not set. */
    private static final String FOUND = "TALOS_FORGE_LC_ALL";

    private static final char FIRST_NOT_ASCII = 0x80;

    private UserLocale() {}

    /** The user's environment. */
    public static SortedMap<String, String> environment(Map<String, String> ofProcess) {
        SortedMap<String, String> environment = new TreeMap<>(ofProcess);
        String found = environment.remove(FOUND);
        if (found != null && found.isEmpty()) {
            environment.remove(LC_ALL);
        } else if (found != null) {
            environment.put(LC_ALL, found);
        }
        return environment;
    }

    /**
     * Returns the problem if the program was started without the launcher and Java could not read its arguments,
     * variables or folder; null if there is none. ASCII is the same in every character map.
     *
     * @param folder in which the program was started
     */
    public static @Nullable Problem problem(String[] arguments, Map<String, String> environment, String folder) {
        for (String argument : arguments) {
            if (!DiskName.isShown(argument)) {
                return problem("the argument " + argument);
            }
        }
        if (DiskName.isUtf8()) {
            return null;
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (!isAscii(variable.getKey()) || !isAscii(variable.getValue())) {
                return problem("the variable " + variable.getKey());
            }
        }
        return isAscii(folder) ? null : problem("the folder " + folder);
    }

    private static Problem problem(String what) {
        Problem.Kind kind = DiskName.isUtf8() ? Problem.Kind.INVALID_INPUT : Problem.Kind.ENVIRONMENT;
        return Problem.failed(kind, "cannot read " + what)
                .because(NameProblem.why("it is not UTF-8"))
                .trying(NameProblem.remedy("rename what it names"));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < FIRST_NOT_ASCII);
    }
}
