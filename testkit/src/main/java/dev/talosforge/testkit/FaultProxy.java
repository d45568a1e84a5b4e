package dev.talosforge.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Stands before a server on loopback and breaks chosen requests, each once. One request a connection. */
public final class FaultProxy implements AutoCloseable {
    /** What happens to a request instead of its answer. */
    public sealed interface Fault {}

    private record Reset() implements Fault {}

    private record Truncate(long bytes) implements Fault {}

    private record Status(int status, String headers, String body) implements Fault {}

    private record Flip(long at) implements Fault {}

    private record Authorized(String value) implements Fault {}

    private record Cut(long bytes) implements Fault {}

    private record Stall(long bytes) implements Fault {}

    private static final long UNCHANGED = -1;

    private record Planned(String start, Fault fault) {}

    /** The first byte of a client that tries TLS: it is turned away at once. */
    private static final int TLS_HANDSHAKE = 22;

    private final ServerSocket server;
    private final int target;
    private final List<Planned> planned = new ArrayList<>();
    private final List<String> heads = new ArrayList<>();

    private FaultProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    public static FaultProxy to(int port) throws IOException {
        FaultProxy proxy = new FaultProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    /** The connection is reset when the request's head is here. */
    public static Fault reset() {
        return new Reset();
    }

    /** The answer ends after so many bytes, its head included. */
    public static Fault truncate(long bytes) {
        return new Truncate(bytes);
    }

    /** The connection is reset on both sides when so many bytes of the request's body were passed on. */
    public static Fault cut(long bytes) {
        return new Cut(bytes);
    }

    /** The answer stands still after so many bytes, its head included. */
    public static Fault stall(long bytes) {
        return new Stall(bytes);
    }

    /** An answer of our own; headers end with CR LF each. */
    public static Fault status(int status, String headers) {
        return new Status(status, headers, "");
    }

    /** A registry's refusal, with its reason. */
    public static Fault refusal(int status, String code, String message) {
        return new Status(
                status,
                "Content-Type: application/json\r\n",
                "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message));
    }

    /** One bit of the answer's body is another one. */
    public static Fault flip(long at) {
        return new Flip(at);
    }

    /** The server gets another Authorization than the one that was sent. */
    public static Fault authorized(String value) {
        return new Authorized(value);
    }

    /** The next request that starts like this fails so; several for the same start come in turn. */
    public synchronized void fault(String start, Fault fault) {
        planned.add(new Planned(start, fault));
    }

    /** Faults that no request has met yet. */
    public synchronized int left() {
        return planned.size();
    }

    /** The heads of all requests so far. */
    public synchronized List<String> heads() {
        return List.copyOf(heads);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private synchronized Fault take(String head) {
        heads.add(head);
        for (Planned plan : planned) {
            if (head.startsWith(plan.start)) {
                planned.remove(plan);
                return plan.fault;
            }
        }
        return new Truncate(Long.MAX_VALUE);
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            switch (take(head)) {
                case Reset() -> client.setSoLinger(true, 0);
                case Status(int status, String headers, String body) -> {
                    drain(client.getInputStream(), head);
                    client.getOutputStream()
                            .write("HTTP/1.1 %d Fault\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                                    .formatted(status, headers, body.length(), body)
                                    .getBytes(StandardCharsets.ISO_8859_1));
                }
                case Flip(long at) -> forward(client, head, Long.MAX_VALUE, at, true);
                case Authorized(String value) ->
                    forward(
                            client,
                            head.replaceFirst("(?im)^Authorization: .*$", "Authorization: " + value),
                            Long.MAX_VALUE);
                case Truncate(long bytes) -> forward(client, head, bytes);
                case Cut(long bytes) -> cut(client, head, bytes);
                case Stall(long bytes) -> {
                    forward(client, head, bytes, UNCHANGED, false);
                    // until the client has had enough
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException e) {
            // a connection that breaks is what this is for
        }
    }

    private static void drain(InputStream in, String head) throws IOException {
        in.skipNBytes(head.lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                .findFirst()
                .orElse(0));
    }

    private void cut(Socket client, String head, long bytes) throws IOException {
        try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            upstream.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            copy(client.getInputStream(), upstream.getOutputStream(), bytes);
        }
        client.setSoLinger(true, 0);
    }

    private void forward(Socket client, String head, long bytes) throws IOException {
        forward(client, head, bytes, UNCHANGED, true);
    }

    private void forward(Socket client, String head, long bytes, long flipped, boolean end) throws IOException {
        try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            String once = head.replaceFirst("\r\n", "\r\nConnection: close\r\n");
            upstream.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
            Thread up = Thread.ofVirtual().start(() -> pump(client, upstream));
            answer(upstream.getInputStream(), client.getOutputStream(), bytes, flipped);
            if (end) {
                client.close();
                up.interrupt();
            }
        }
    }

    /** Says that the connection ends with the answer: a client would put its next request on it, and lose it. */
    private static void answer(InputStream in, OutputStream out, long bytes, long flipped) throws IOException {
        String head = head(in);
        if (bytes <= head.length()) {
            out.write(head.substring(0, (int) bytes).getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        out.write(head.replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes(StandardCharsets.ISO_8859_1));
        if (flipped >= 0) {
            copy(in, out, flipped);
            int next = in.read();
            if (next >= 0) {
                out.write(next ^ 1);
            }
        }
        copy(in, out, bytes - head.length());
    }

    private static void pump(Socket from, Socket to) {
        try {
            copy(from.getInputStream(), to.getOutputStream(), Long.MAX_VALUE);
        } catch (IOException e) {
            // the other direction has ended
        }
    }

    private static void copy(InputStream in, OutputStream out, long limit) throws IOException {
        byte[] buffer = new byte[1 << 14];
        long left = limit;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return;
            }
            out.write(buffer, 0, count);
            out.flush();
            left -= count;
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int state = 0;
        while (state < 4) {
            int next = in.read();
            if (next < 0 || (head.size() == 0 && next == TLS_HANDSHAKE)) {
                return "";
            }
            head.write(next);
            state = next == (state % 2 == 0 ? '\r' : '\n') ? state + 1 : next == '\r' ? 1 : 0;
        }
        // the proxy speaks one request a connection, whatever the client hopes for
        return head.toString(StandardCharsets.ISO_8859_1).replaceAll("(?i)\r\nConnection: [^\r]*", "");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
