package dev.talosforge.cli;

import dev.talosforge.cli.session.CommandPack;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.ProgramVersion;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The commands that are installed in addition to the program's own: those on the class path, otherwise those of one
 * jar: {@code lab/talos-forge-lab.jar} beside the program's own jar, or the one that {@code TALOS_FORGE_LAB} names.
 */
final class InstalledPacks {
    private static final String VARIABLE = "TALOS_FORGE_LAB";
    private static final String JAR = "lab/talos-forge-lab.jar";

    private InstalledPacks() {}

    /** Creates all of their commands. */
    static List<CommandLine> commands(ProcessEnvironment process) {
        return of(process.environment()).stream()
                .flatMap(pack -> pack.commands(process).stream())
                .toList();
    }

    private static List<CommandPack> of(Map<String, String> environment) {
        List<CommandPack> packs = load(ServiceLoader.load(CommandPack.class), "the class path");
        if (!packs.isEmpty()) {
            return packs;
        }
        Path jar = jar(environment);
        if (jar == null || !Files.isRegularFile(jar)) {
            return List.of();
        }
        try {
            // Open as long as the program runs, as its own jar is.
            URLClassLoader loader =
                    new URLClassLoader(new URL[] {jar.toUri().toURL()}, InstalledPacks.class.getClassLoader());
            List<CommandPack> found = load(ServiceLoader.load(CommandPack.class, loader), jar.toString());
            if (found.isEmpty()) {
                throw unusable(jar.toString(), "it is damaged, or not the jar of a lab", null);
            }
            return found;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The expected path of the lab's jar; null if this program does not run from a jar. */
    static @Nullable Path jar(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        try {
            Path own = Path.of(InstalledPacks.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(own) ? own.resolveSibling(JAR) : null;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A jar of another version may need classes that this program does not have. */
    private static List<CommandPack> load(ServiceLoader<CommandPack> loader, String from) {
        List<CommandPack> packs = new ArrayList<>();
        try {
            loader.forEach(packs::add);
        } catch (ServiceConfigurationError | LinkageError e) {
            throw unusable(from, String.valueOf(e.getMessage()), e);
        }
        return packs;
    }

    private static BuildException unusable(String from, String why, @Nullable Throwable cause) {
        return new BuildException(
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot use the lab of " + from)
                        .because(why)
                        .trying("install the lab of version " + ProgramVersion.number()),
                cause);
    }
}
