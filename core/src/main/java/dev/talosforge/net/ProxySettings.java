package dev.talosforge.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Proxies from the environment. Loopback is always reached directly.
 *
 * @param https for https addresses, such as {@code http://proxy.lan:3128}; null for none
 * @param http for http addresses; null for none
 * @param exceptions hosts that are reached directly: {@code host}, {@code host:port}, {@code .domain}, {@code *}. A
 *     name without a leading dot also covers its subdomains.
 */
public record ProxySettings(@Nullable URI https, @Nullable URI http, List<String> exceptions) {
    public ProxySettings {
        exceptions = List.copyOf(exceptions);
    }

    public static ProxySettings none() {
        return new ProxySettings(null, null, List.of());
    }

    /**
     * From the values of HTTPS_PROXY, HTTP_PROXY and NO_PROXY; null or blank if not set.
     *
     * @throws IllegalArgumentException if a proxy is not an address
     */
    public static ProxySettings parse(@Nullable String https, @Nullable String http, @Nullable String noProxy) {
        List<String> exceptions = noProxy == null
                ? List.of()
                : Arrays.stream(noProxy.split("[,\\s]+", -1))
                        .filter(entry -> !entry.isBlank())
                        .map(entry -> entry.toLowerCase(Locale.ROOT))
                        .toList();
        return new ProxySettings(address(https), address(http), exceptions);
    }

    private static @Nullable URI address(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        URI uri = URI.create(text.contains("://") ? text.strip() : "http://" + text.strip());
        if (uri.getHost() == null || !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("not the address of an http proxy: " + Redaction.of(uri));
        }
        return uri;
    }

    /** The proxy for this address, or null if it is reached directly. */
    public @Nullable URI proxyFor(URI target) {
        URI proxy = "https".equalsIgnoreCase(target.getScheme()) ? https : http;
        String host = target.getHost();
        return proxy == null || host == null || Hosts.isLoopback(host) || excepted(target, host) ? null : proxy;
    }

    private boolean excepted(URI target, String rawHost) {
        String host = rawHost.toLowerCase(Locale.ROOT);
        int port = Hosts.port(target);
        for (String exception : exceptions) {
            if (exception.equals("*")) {
                return true;
            }
            String name = exception.startsWith("*.") ? exception.substring(1) : exception;
            int colon = name.lastIndexOf(':');
            if (colon > 0 && name.indexOf(':') == colon) {
                if (!name.substring(colon + 1).equals(Integer.toString(port))) {
                    continue;
                }
                name = name.substring(0, colon);
            }
            if (host.equals(name) || host.endsWith(name.startsWith(".") ? name : "." + name)) {
                return true;
            }
        }
        return false;
    }

    /** The value for Proxy-Authorization, from the login in the proxy's address; null for none. */
    @Nullable
    String authorization(URI target) {
        URI proxy = proxyFor(target);
        if (proxy == null || proxy.getRawUserInfo() == null) {
            return null;
        }
        String login = proxy.getRawUserInfo();
        String plain = URLDecoder.decode((login.contains(":") ? login : login + ":").replace("+", "%2B"), UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(UTF_8));
    }

    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                URI proxy = proxyFor(uri);
                return List.of(
                        proxy == null
                                ? Proxy.NO_PROXY
                                : new Proxy(
                                        Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), Hosts.port(proxy))));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // the request itself will fail for the same reason
            }
        };
    }
}
