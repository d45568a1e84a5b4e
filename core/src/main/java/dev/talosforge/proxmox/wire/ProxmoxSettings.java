package dev.talosforge.proxmox.wire;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Where Proxmox is and how to talk to it.
 *
 * @param endpoints tried in turn until one answers: {@code https://pve1:8006/}
 * @param nodeEndpoints of single nodes, for storages that are not shared; may be empty
 * @param watch provides the time, and is told about waits
 */
public record ProxmoxSettings(
        List<URI> endpoints,
        SequencedMap<String, URI> nodeEndpoints,
        ProxmoxTls tls,
        ProxmoxLogin login,
        Timing timing,
        Watch watch) {
    public ProxmoxSettings {
        endpoints = List.copyOf(endpoints);
        nodeEndpoints = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(nodeEndpoints));
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no Proxmox endpoint given");
        }
        endpoints.forEach(ProxmoxSettings::check);
        nodeEndpoints.values().forEach(ProxmoxSettings::check);
    }

    private static void check(URI uri) {
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a Proxmox endpoint has the form https://HOST:8006/, without credentials");
        }
    }

    /**
     * What a person sees meanwhile.
     *
     * @param clock of this machine, for errors that it may cause
     */
    public record Watch(InstantSource clock, Waiting waiting) {}

    /** Receives what is waited for once that takes longer than people sit through silence; called by any thread. */
    @FunctionalInterface
    public interface Waiting {
        void on(String what);
    }

    /** How to wait, and the clock that goes with it; tests do not wait. */
    public interface Pause {
        void pause(Duration duration) throws InterruptedException;

        /** As {@link System#nanoTime}: only differences are meaningful. */
        default long nanoTime() {
            return System.nanoTime();
        }
    }

    /**
     * Timeouts.
     *
     * @param connect until a connection stands, and the same again until it is secured
     * @param answer for an answer, and for progress while sending
     * @param poll between two polls of a task
     * @param task for a whole task
     * @param patience for how long to keep asking about a running task while the server does not answer
     * @param ticket age at which a ticket is renewed; the server accepts it for two hours
     * @param readAttempts how often a read request is made before the server counts as unavailable
     */
    public record Timing(
            Duration connect,
            Duration answer,
            Duration poll,
            Duration task,
            Duration patience,
            Duration ticket,
            int readAttempts,
            Pause pause) {
        /** The first message about a wait comes after this fraction of the time for an answer. */
        private static final int FIRST_WORD = 8;

        /** When silence is first explained: a few seconds of a real server. */
        Duration firstWord() {
            return answer.dividedBy(FIRST_WORD);
        }

        /**
         * A server that was silent for this long is not asked again: it would take minutes until anybody hears of it.
         */
        Duration enough() {
            return answer.dividedBy(2);
        }

        static String shown(Duration duration) {
            return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
        }

        /** For real servers. */
        public static Timing usual() {
            return new Timing(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(40),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(30),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    4,
                    Thread::sleep);
        }
    }
}
