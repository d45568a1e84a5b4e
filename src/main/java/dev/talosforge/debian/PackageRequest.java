package dev.talosforge.debian;

import java.util.List;
import java.util.Locale;

/**
 * Debian packages that belong together.
 *
 * @param name of the request, unique in the lab
 * @param packages asked for by name
 * @param dependencies whether everything that they need comes along, down to the C library
 * @param newer whether they come from the newer release
 * @param wanted which of the dependencies are kept; an ending {@code *} stands for anything
 * @param leaveOut which of these are not, though something needs them
 */
public record PackageRequest(
        String name,
        List<String> packages,
        boolean dependencies,
        boolean newer,
        List<String> wanted,
        List<String> leaveOut) {
    public PackageRequest {
        packages = List.copyOf(packages);
        wanted = List.copyOf(wanted);
        leaveOut = List.copyOf(leaveOut);
        if (packages.isEmpty()) {
            throw new IllegalArgumentException("no package is asked for: " + name);
        }
    }

    /** Just these. */
    public static PackageRequest only(String name, String... packages) {
        return new PackageRequest(name, List.of(packages), false, false, List.of(), List.of());
    }

    /** Just these, from the newer release. */
    public static PackageRequest newer(String name, String... packages) {
        return new PackageRequest(name, List.of(packages), false, true, List.of(), List.of());
    }

    /** A package that only depends on the real one, and the real one; from the newer release. */
    public static PackageRequest newerThrough(String name, String metaPackage, String real) {
        return new PackageRequest(name, List.of(metaPackage), true, true, List.of(real), List.of());
    }

    /** These and all that they need at run time; for a container there is no package manager, login or cron to need. */
    public static PackageRequest closure(String name, String... packages) {
        return new PackageRequest(name, List.of(packages), true, false, List.of("*"), DebianRoot.NOT_FOR_CONTAINERS);
    }

    /**
     * These and all that they need, and nothing left out: programs that are run while something is built.
     *
     * @param name of the request, unique in the folder that packages are resolved in
     */
    public static PackageRequest tools(String name, List<String> packages) {
        return new PackageRequest(name, packages, true, false, List.of("*"), List.of());
    }

    /** What a request is for, which decides what of its dependencies is kept. */
    public enum Purpose {
        /** A root file system that runs one program. */
        CONTAINER,
        /** A root file system that programs are built in. */
        BUILD;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What it is for. */
    public Purpose purpose() {
        return leaveOut.isEmpty() ? Purpose.BUILD : Purpose.CONTAINER;
    }

    /** {@code "frr, tini for the container"}. */
    public String title() {
        return "%s for the %s".formatted(String.join(", ", packages), purpose().label());
    }

    boolean wants(String packageName) {
        return packages.contains(packageName) || (matches(wanted, packageName) && !matches(leaveOut, packageName));
    }

    private static boolean matches(List<String> patterns, String packageName) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.endsWith("*")
                        ? packageName.startsWith(pattern.substring(0, pattern.length() - 1))
                        : packageName.equals(pattern));
    }
}
