package dev.talosforge.debian;

import java.util.List;
import java.util.Locale;

/**
 * Debian packages that belong together.
 *
 * @param name of the request, unique in the lab
 * @param packages requested by name
 * @param dependencies whether to include everything that they need, down to the C library
 * @param newer whether to take them from the newer release
 * @param wanted which dependencies to keep; a trailing {@code *} matches anything
 * @param leaveOut which of these to leave out, although something needs them
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
            throw new IllegalArgumentException("no package requested: " + name);
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

    /** A package that only depends on the real one, and the real one, from the newer release. */
    public static PackageRequest newerThrough(String name, String metaPackage, String real) {
        return new PackageRequest(name, List.of(metaPackage), true, true, List.of(real), List.of());
    }

    /** These and everything they need at run time. A container needs no package manager, login or cron. */
    public static PackageRequest closure(String name, String... packages) {
        return new PackageRequest(name, List.of(packages), true, false, List.of("*"), DebianRoot.NOT_FOR_CONTAINERS);
    }

    /**
     * These and everything they need, nothing left out: programs to run during a build.
     *
     * @param name of the request, unique in the folder where packages are resolved
     */
    public static PackageRequest tools(String name, List<String> packages) {
        return new PackageRequest(name, packages, true, false, List.of("*"), List.of());
    }

    /** The purpose of a request, which decides which dependencies to keep. */
    public enum Purpose {
        /** A root file system that runs one program. */
        CONTAINER,
        /** A root file system to build programs in. */
        BUILD;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The purpose. */
    public Purpose purpose() {
        return leaveOut.isEmpty() ? Purpose.BUILD : Purpose.CONTAINER;
    }

    /** {@code "frr, tini for the container"}. */
    public String title() {
        return "%s for the %s".formatted(String.join(", ", packages), purpose().label());
    }

    boolean includes(String packageName) {
        return packages.contains(packageName) || (matches(wanted, packageName) && !matches(leaveOut, packageName));
    }

    private static boolean matches(List<String> patterns, String packageName) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.endsWith("*")
                        ? packageName.startsWith(pattern.substring(0, pattern.length() - 1))
                        : packageName.equals(pattern));
    }
}
