package dev.talosforge.net;

import java.time.Duration;

/**
 * How requests are made.
 *
 * @param connect time limit for a connection
 * @param idle how long a transfer may stand still, and how long an answer may be waited for, before it is given up
 * @param bodyLimit bytes of a body that is kept in memory; a longer one is an error, or cut if it explains an error
 */
public record TransportSettings(
        String userAgent, Duration connect, Duration idle, int bodyLimit, TlsSettings tls, ProxySettings proxies) {
    public TransportSettings {
        if (connect.isNegative() || connect.isZero() || idle.isNegative() || idle.isZero() || bodyLimit <= 0) {
            throw new IllegalArgumentException("limits have to be positive");
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
