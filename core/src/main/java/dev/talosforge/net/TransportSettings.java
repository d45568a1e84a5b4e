package dev.talosforge.net;

import java.time.Duration;

/**
 * How requests are made.
 *
 * @param connect time limit for a connection
 * @param idle how long a transfer may stall, or an answer may take, before the request is abandoned
 * @param bodyLimit bytes of a body to keep in memory; a longer body is an error, or is truncated if it explains an
 *     error
 */
public record TransportSettings(
        String userAgent, Duration connect, Duration idle, int bodyLimit, TlsSettings tls, ProxySettings proxies) {
    public TransportSettings {
        if (connect.isNegative() || connect.isZero() || idle.isNegative() || idle.isZero() || bodyLimit <= 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** 10 s to connect, 60 s idle, 4 MiB, no proxies, the runtime's trust. */
    public static TransportSettings usual() {
        return new TransportSettings(
                "talos-forge",
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                4 << 20,
                TlsSettings.system(),
                ProxySettings.none());
    }

    public TransportSettings with(TlsSettings other) {
        return new TransportSettings(userAgent, connect, idle, bodyLimit, other, proxies);
    }

    public TransportSettings with(ProxySettings other) {
        return new TransportSettings(userAgent, connect, idle, bodyLimit, tls, other);
    }

    public TransportSettings withIdle(Duration other) {
        return new TransportSettings(userAgent, connect, other, bodyLimit, tls, proxies);
    }
}
