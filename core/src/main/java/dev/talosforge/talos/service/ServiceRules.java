package dev.talosforge.talos.service;

import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ServiceSpec.Dependency;
import dev.talosforge.talos.service.ServiceSpec.Word;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a service file may say: the rules by which Talos rejects a file, and what would keep the service waiting
 * forever.
 */
public final class ServiceRules {
    /** Precedes the name of an extension's service. */
    static final String PREFIX = "ext-";

    private static final Pattern NAME = Pattern.compile("[-_a-z0-9]+");
    private static final List<String> RESTARTS = List.of("always", "never", "untilSuccess");
    private static final List<String> NETWORK = List.of("addresses", "connectivity", "hostname", "etcfiles");
    private static final List<String> SERVICES = List.of(
            "apid",
            "auditd",
            "containerd",
            "cri",
            "dashboard",
            "etcd",
            "kubelet",
            "machined",
            "registryd",
            "syslogd",
            "trustd",
            "udevd");
    private static final List<String> PROPAGATIONS =
            List.of("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable");

    private final ServiceSpec spec;
    private final TalosVersion version;
    private final ServiceNotes notes;

    private ServiceRules(ServiceSpec spec, TalosVersion version, ServiceNotes notes) {
        this.spec = spec;
        this.version = version;
        this.notes = notes;
    }

    public static void check(ServiceSpec spec, TalosVersion version, ServiceNotes notes) {
        ServiceRules rules = new ServiceRules(spec, version, notes);
        rules.name();
        rules.restart();
        spec.depends().forEach(rules::dependency);
        rules.container();
        Word console = spec.logToConsole();
        if (console != null && !version.atLeast(1, 9, 0)) {
            notes.warning(
                    console.at(),
                    "Talos %s does not support logToConsole: it was added in 1.9".formatted(version.text()),
                    null);
        }
    }

    private void name() {
        Word name = spec.name();
        if (name == null) {
            notes.missing("name", null, "the service has no name", "add a line: name: NAME");
        } else if (!NAME.matcher(name.text()).matches()) {
            notes.error(
                    name.at(),
                    "name \"%s\" is invalid".formatted(name.text()),
                    "use only lower-case letters, digits, - and _");
        }
    }

    private void restart() {
        Word restart = spec.restart();
        if (restart == null) {
            notes.missing(
                    "restart",
                    null,
                    "the service has no restart policy, and Talos rejects it without one",
                    "add a line: restart: always");
        } else if (!known(restart.text(), RESTARTS)) {
            notes.error(
                    restart.at(),
                    "restart kind is invalid: \"%s\"".formatted(restart.text()),
                    "write one of " + String.join(", ", RESTARTS));
        }
    }

    /** As Talos compares these words: lower case is accepted. */
    private static boolean known(String text, List<String> words) {
        return words.contains(text) || words.stream().anyMatch(word -> word.equalsIgnoreCase(text));
    }

    private void dependency(Dependency dependency) {
        int given = (isText(dependency.service()) ? 1 : 0)
                + (isText(dependency.path()) ? 1 : 0)
                + (dependency.network().isEmpty() ? 0 : 1)
                + (dependency.time() ? 1 : 0)
                + (dependency.configuration() ? 1 : 0);
        if (given != 1) {
            notes.error(
                    dependency.at(),
                    given == 0 ? "no dependency specified" : "more than a single dependency is set",
                    "write one of service, path, network, time, configuration in each item of depends");
        }
        Word path = dependency.path();
        if (path != null && !path.text().isEmpty() && !path.text().startsWith("/")) {
            notes.error(path.at(), "path is not absolute: \"%s\"".formatted(path.text()), "start it with /");
        }
        for (Word status : dependency.network()) {
            if (!known(status.text(), NETWORK)) {
                notes.error(
                        status.at(),
                        "invalid network dependency: \"%s\"".formatted(status.text()),
                        "write one of " + String.join(", ", NETWORK));
            }
        }
        if (isText(dependency.service())) {
            service(dependency.service());
        }
    }

    private static boolean isText(@Nullable Word word) {
        return word != null && !word.text().isEmpty();
    }

    private void service(@Nullable Word word) {
        if (word == null) {
            return;
        }
        String service = word.text();
        Word name = spec.name();
        if (name != null && service.equals(PREFIX + name.text())) {
            notes.error(word.at(), "the service waits for itself", "remove this dependency");
        } else if (!SERVICES.contains(service) && !isSandboxd(service) && !service.startsWith(PREFIX)) {
            String near = NearestName.suggestion(service, SERVICES);
            notes.warning(
                    word.at(),
                    "Talos has no service \"%s\", so it would be waited for forever".formatted(service),
                    near != null ? near : "the services of extensions are called %sNAME".formatted(PREFIX));
        }
    }

    /** Since 1.14. */
    private boolean isSandboxd(String service) {
        return service.equals("sandboxd") && version.atLeast(1, 14, 0);
    }

    private void container() {
        ServiceSpec.Container container = spec.container();
        if (!isText(container.entrypoint())) {
            notes.missing(
                    "entrypoint",
                    container.entrypoint() == null
                            ? null
                            : container.entrypoint().at(),
                    "container.entrypoint is missing: there is nothing to run",
                    "set it to the path of a program in the container's root");
        }
        container.environment().forEach(this::variable);
        Word file = container.environmentFile();
        if (file != null && !file.text().isEmpty() && !file.text().startsWith("/")) {
            notes.warning(
                    file.at(),
                    "environmentFile \"%s\" is not absolute; it is looked up on the machine, not in the container"
                            .formatted(file.text()),
                    "start it with /");
        }
        Word propagation = container.security().rootfsPropagation();
        if (isText(propagation) && propagation != null && !PROPAGATIONS.contains(propagation.text())) {
            notes.error(
                    propagation.at(),
                    "rootfsPropagation=%s is not supported".formatted(propagation.text()),
                    "write one of " + String.join(", ", PROPAGATIONS));
        }
    }

    private void variable(Word variable) {
        int equals = variable.text().indexOf('=');
        if (equals < 0) {
            notes.warning(
                    variable.at(),
                    "environment has \"%s\", which has no value and removes the variable".formatted(variable.text()),
                    "write " + variable.text().toUpperCase(Locale.ROOT) + "=VALUE");
        } else if (equals == 0) {
            notes.error(
                    variable.at(),
                    "environment has \"%s\", which has no name".formatted(variable.text()),
                    "write NAME=VALUE");
        }
    }
}
