package dev.talosforge.proxmox.session;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.wire.Distrust;
import dev.talosforge.proxmox.wire.HttpWire;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import dev.talosforge.proxmox.wire.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns answers and broken connections into problems. The server's words are quoted, without our secret. */
public final class ProxmoxErrors {
    /** What to do if something else answers in Proxmox' place. */
    private static final String TO_THE_NODE =
            "connect to the node directly, without a proxy or login page in between: export PROXMOX_VE_ENDPOINT=https://NODE:8006/";

    private final ProxmoxSettings settings;
    private final ProxmoxLogin login;

    ProxmoxErrors(ProxmoxSettings settings) {
        this.settings = settings;
        this.login = settings.login();
    }

    /** For an answer that is not 2xx. */
    public BuildException answer(String what, String method, URI uri, Reply reply, @Nullable String storage) {
        Where where = new Where.Remote(method, uri, reply.status());
        if (reply.isOfRelay()) {
            return new BuildException(relayed(what, where, uri, reply), null);
        }
        String why = clean(reply.explanation());
        if (reply.isForeign() && reply.status() < 500 && reply.status() != 413) {
            Kind kind = reply.status() == 401 || reply.status() == 403 ? Kind.REFUSED : Kind.INVALID_INPUT;
            return new BuildException(Problem.failed(kind, what)
                    .because(why + ": " + clean(reply.foreign()))
                    .at(where)
                    .trying(TO_THE_NODE));
        }
        return new BuildException(Problem.failed(kind(reply.status(), why), what)
                .because(why)
                .at(where)
                .trying(remedy(uri, reply, why, storage)));
    }

    /** The server that was asked could not reach the one that knows. */
    private Problem relayed(String what, Where where, URI uri, Reply reply) {
        String node = PvePath.node(uri);
        String message = clean(reply.explanation());
        if (node == null || node.equals(PvePath.LOCALHOST)) {
            return Problem.failed(Kind.UNAVAILABLE, what)
                    .because("%s cannot reach its own API daemon: %s".formatted(uri.getHost(), message))
                    .at(where)
                    .trying("on that node: systemctl status pvedaemon pveproxy");
        }
        return Problem.failed(Kind.UNAVAILABLE, what)
                .because("node %s does not answer %s: %s".formatted(node, uri.getHost(), message))
                .at(where)
                .trying("on %s: systemctl status pveproxy pvedaemon; on any node: pvecm status".formatted(node));
    }

    private static Kind kind(int status, String why) {
        return switch (status) {
            case 401, 403 -> Kind.REFUSED;
            case 400 -> Kind.INVALID_INPUT;
            // Old servers answer 501 where newer ones answer 500.
            case 501 -> why.contains("failed") ? handler(why) : Kind.NOT_SUPPORTED;
            case 506 -> Kind.NOT_SUPPORTED;
            case 500 -> handler(why);
            case 408, 425, 429 -> Kind.UNAVAILABLE;
            default -> status >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED;
        };
    }

    private static Kind handler(String why) {
        if (why.contains("hostname lookup") || why.matches(".*storage '.*' does not exist.*")) {
            return Kind.INVALID_INPUT;
        }
        if (why.contains("is disabled")
                || why.contains("is not available on node")
                || why.contains("can't upload to storage type")
                || why.contains("does not support")
                || why.contains("No space left")
                || why.contains("write to temporary file failed")) {
            return Kind.REFUSED;
        }
        return Kind.UNAVAILABLE;
    }

    private @Nullable String remedy(URI uri, Reply reply, String why, @Nullable String storage) {
        if (reply.status() == 401) {
            return NodeCommands.credentials(login);
        }
        if (reply.status() == 413) {
            return "connect to the node directly, or raise the limit of the proxy in between (nginx: client_max_body_size 0)";
        }
        if (reply.mayPass()) {
            return "run the command again; if it happens every time, connect to the node directly: a proxy in between times out too early, or finds no server";
        }
        if (NodeCommands.isOfSsh(why)) {
            return NodeCommands.ssh(why, uri.getHost());
        }
        if (storage == null) {
            return null;
        }
        if (reply.status() == 403) {
            return NodeCommands.grantOnStorage(storage, null, login);
        }
        if (why.contains("is disabled")) {
            return NodeCommands.enable(storage);
        }
        for (ContentType type : ContentType.values()) {
            if (why.contains("does not support '%s'".formatted(type.word()))) {
                return NodeCommands.content(storage, "", type);
            }
        }
        if (why.contains("mount error") || why.contains("activate storage") || why.contains("is not online")) {
            return "on each node: pvesm status --storage " + storage;
        }
        if (why.contains("write to temporary file failed")) {
            return "free space in /var/tmp of the node that receives the upload: rm /var/tmp/pveupload-*";
        }
        return null;
    }

    /** For a connection that failed or ended early, and for an answer that is not from Proxmox. */
    public BuildException connection(String what, String method, URI uri, IOException e) {
        if (e instanceof Reply.Foreign foreign) {
            return problem(
                    Kind.INVALID_INPUT,
                    what,
                    new Where.Remote(method, uri, foreign.status()),
                    String.valueOf(e.getMessage()),
                    TO_THE_NODE);
        }
        Throwable cause = e instanceof HttpWire.Unreachable && e.getCause() != null ? e.getCause() : e;
        Where where = new Where.Remote(method, uri, 0);
        Problem distrust = Distrust.explain(what, where, uri, cause, settings);
        return new BuildException(distrust != null ? distrust : unreached(what, where, uri, cause), e);
    }

    private Problem unreached(String what, Where where, URI uri, Throwable cause) {
        String host = uri.getHost();
        String address = host + ":" + (uri.getPort() < 0 ? 443 : uri.getPort());
        String message = clean(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        Kind kind = Kind.UNAVAILABLE;
        return switch (cause) {
            case UnknownHostException _ ->
                Problem.failed(kind, what)
                        .because("no address for the name " + host)
                        .at(where)
                        .trying("getent hosts " + host);
            case NoRouteToHostException _ ->
                Problem.failed(kind, what)
                        .because("there is no network route to " + address)
                        .at(where)
                        .trying("ip route get " + host);
            case ConnectException _
            when "Connection refused".equals(cause.getMessage()) ->
                Problem.failed(kind, what)
                        .because(address + " refused the connection")
                        .at(where)
                        .trying("Proxmox listens on port 8006; on that node: systemctl status pveproxy");
            case SocketTimeoutException _ ->
                Problem.failed(kind, what)
                        .because("%s: %s".formatted(address, message))
                        .at(where)
                        .trying(
                                "check that the node is up and no firewall blocks it; on that node: systemctl status pveproxy");
            case SSLException _
            when message.contains("SSL message") ->
                Problem.failed(Kind.INVALID_INPUT, what)
                        .because(address + " does not speak TLS")
                        .at(where)
                        .trying("Proxmox does, on port 8006: export PROXMOX_VE_ENDPOINT=https://HOST:8006/");
            default -> Problem.failed(kind, what).because(message).at(where);
        };
    }

    public BuildException problem(Kind kind, String what, @Nullable Where where, String why, @Nullable String remedy) {
        return failure(kind, what, where, why, Remedy.of(remedy));
    }

    /** As {@link #problem}, with something to do that is more than words. */
    public BuildException failure(Kind kind, String what, @Nullable Where where, String why, @Nullable Remedy remedy) {
        return new BuildException(
                Problem.failed(kind, what).because(clean(why)).at(where).trying(remedy));
    }

    String clean(String text) {
        return text.replace(login.secret(), "***");
    }
}
