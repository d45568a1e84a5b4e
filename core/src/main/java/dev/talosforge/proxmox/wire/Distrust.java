package dev.talosforge.proxmox.wire;

import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import java.net.URI;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a server's certificate is not trusted, for those who can fix it. */
public final class Distrust {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Kinds of alternative names: DNS names and addresses (RFC 5280, 4.2.1.6). */
    private static final Set<Integer> HOSTS = Set.of(2, 7);

    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=((?:\\\\.|[^,\\\\])+)");
    private static final String AUTHORITY = "/etc/pve/pve-root-ca.pem of any node";

    private final ProxmoxSettings settings;
    private final URI uri;
    private final X509Certificate[] chain;

    private Distrust(ProxmoxSettings settings, URI uri, X509Certificate[] chain) {
        this.settings = settings;
        this.uri = uri;
        this.chain = chain;
    }

    /** Null for a failure unrelated to what the server presented. */
    public static @Nullable Problem explain(
            String what, Where where, URI uri, Throwable failure, ProxmoxSettings settings) {
        ServerTrust.Untrusted untrusted = find(failure, ServerTrust.Untrusted.class);
        return untrusted == null
                ? null
                : new Distrust(settings, uri, untrusted.chain()).problem(what, where, untrusted);
    }

    private Problem problem(String what, Where where, ServerTrust.Untrusted untrusted) {
        if (settings.tls() instanceof ProxmoxTls.Fingerprint) {
            return of(
                    what,
                    where,
                    "the SHA-256 of its certificate is %s, not PROXMOX_VE_FINGERPRINT".formatted(fingerprint()),
                    "compare it with pvenode cert info on the node; Proxmox renews certificates, and PROXMOX_VE_CA_FILE stays valid when it does");
        }
        if (find(untrusted, CertificateExpiredException.class) != null
                || find(untrusted, CertificateNotYetValidException.class) != null) {
            return time(what, where, find(untrusted, CertificateExpiredException.class) != null);
        }
        String message = String.valueOf(untrusted.getMessage());
        if (message.startsWith("No name matching") || message.startsWith("No subject alternative")) {
            return name(what, where);
        }
        CertPathValidatorException other = find(untrusted, CertPathValidatorException.class);
        if (other != null && !String.valueOf(other.getMessage()).contains("trust anchor")) {
            return of(what, where, "its certificate is not valid: " + other.getMessage(), "renew it" + orPin());
        }
        String issuer = commonName(chain[0].getIssuerX500Principal().getName());
        boolean given = settings.tls() instanceof ProxmoxTls.Authority;
        return of(
                what,
                where,
                "its certificate is signed by \"%s\", which is %s"
                        .formatted(
                                issuer,
                                settings.tls() instanceof ProxmoxTls.Authority(var pem)
                                        ? "not an authority in " + pem
                                        : "not an authority that this machine knows"),
                "%s, from %s: export PROXMOX_VE_CA_FILE=…/pve-root-ca.pem%s"
                        .formatted(
                                given ? "use the one of this cluster" : "use the cluster's own", AUTHORITY, orPin()));
    }

    private String orPin() {
        return "; or, if pvenode cert info on the node says the same: export PROXMOX_VE_FINGERPRINT=" + fingerprint();
    }

    private Problem time(String what, Where where, boolean over) {
        X509Certificate wrong = Arrays.stream(chain)
                .min(
                        over
                                ? Comparator.comparing(X509Certificate::getNotAfter)
                                : Comparator.comparing(X509Certificate::getNotBefore)
                                        .reversed())
                .orElse(chain[0]);
        Instant now = settings.watch().clock().instant();
        return of(
                what,
                where,
                "its certificate is valid from %s to %s, but this machine's clock says %s"
                        .formatted(
                                DAY.format(wrong.getNotBefore().toInstant()),
                                DAY.format(wrong.getNotAfter().toInstant()),
                                DAY.format(now)),
                "set the clock if it is wrong: timedatectl; otherwise renew the certificate, on the node: pvecm updatecerts --force && systemctl reload pveproxy");
    }

    private Problem name(String what, Where where) {
        List<String> names = names();
        return of(
                what,
                where,
                names.isEmpty()
                        ? "its certificate does not name any host, so not %s either".formatted(uri.getHost())
                        : "its certificate is for %s, not %s".formatted(String.join(", ", names), uri.getHost()),
                "%suse a host name of the certificate in PROXMOX_VE_ENDPOINT or proxmox_node_hostnames%s"
                        .formatted(names.isEmpty() ? "renew it, and " : "", orPin()));
    }

    /** Hosts of the server's certificate: its alternative names, and its common name where it has none. */
    private List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternative = chain[0].getSubjectAlternativeNames();
            for (List<?> one : alternative == null ? List.<List<?>>of() : alternative) {
                if (one.get(0) instanceof Integer kind && HOSTS.contains(kind) && one.get(1) instanceof String host) {
                    names.add(host);
                }
            }
        } catch (CertificateParsingException e) {
            // A certificate whose names cannot be read has none.
        }
        String subject = chain[0].getSubjectX500Principal().getName();
        if (names.isEmpty() && COMMON_NAME.matcher(subject).find()) {
            names.add(commonName(subject));
        }
        return new ArrayList<>(names);
    }

    private static String commonName(String distinguished) {
        Matcher name = COMMON_NAME.matcher(distinguished);
        return name.find() ? name.group(1).replaceAll("\\\\(.)", "$1") : distinguished;
    }

    private String fingerprint() {
        try {
            return ProxmoxTls.fingerprint(chain[0]);
        } catch (CertificateException e) {
            return "unreadable";
        }
    }

    private Problem of(String what, Where where, String why, String remedy) {
        String host = uri.getHost() + ":" + (uri.getPort() < 0 ? 443 : uri.getPort());
        return Problem.failed(Kind.ENVIRONMENT, what)
                .because(host + " is not trusted: " + why)
                .at(where)
                .trying(remedy);
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
