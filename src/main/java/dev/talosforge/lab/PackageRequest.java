package dev.talosforge.lab;

import java.util.List;

/**
 * Debian packages that belong together.
 *
 * @param name of the request, unique in the lab
 * @param packages asked for by name
 * @param dependencies whether everything that they need comes along, down to the C library
 * @param newer whether they come from the newer release
 * @param leaveOut names of packages that are not wanted though something needs them; an ending {@code *} stands for
 *     anything
 */
public record PackageRequest(
        String name, List<String> packages, boolean dependencies, boolean newer, List<String> leaveOut) {
    public PackageRequest {
        packages = List.copyOf(packages);
        leaveOut = List.copyOf(leaveOut);
        if (packages.isEmpty()) {
            throw new IllegalArgumentException("no package is asked for: " + name);
        }
    }

    /** Just these. */
    public static PackageRequest only(String name, String... packages) {
        return new PackageRequest(name, List.of(packages), false, false, List.of());
    }

    /** These and all that they need at run time; for a container there is no package manager, login or cron to need. */
    public static PackageRequest closure(String name, String... packages) {
        return new PackageRequest(name, List.of(packages), true, false, DebianRoot.NOT_FOR_CONTAINERS);
    }

    boolean wants(String packageName) {
        return packages.contains(packageName)
                || leaveOut.stream()
                        .noneMatch(pattern -> pattern.endsWith("*")
                                ? packageName.startsWith(pattern.substring(0, pattern.length() - 1))
                                : packageName.equals(pattern));
    }
}
