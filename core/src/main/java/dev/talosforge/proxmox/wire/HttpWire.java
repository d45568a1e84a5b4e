package dev.talosforge.proxmox.wire;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.proxmox.api.UploadProgress;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 over TLS, one connection per request. Each write below is one TLS record if it fits into one. */
public final class HttpWire {
    private static final int CHUNK = 64 << 10;

    private final SSLContext tls;
    private final boolean checksName;
    private final ProxmoxSettings.Timing timing;
    private final ProxmoxSettings.Waiting waiting;
    private final Map<URI, String> fingerprints = new ConcurrentHashMap<>();

    public HttpWire(SSLContext tls, ProxmoxSettings settings) {
        this.tls = tls;
        this.checksName = settings.tls().checksName();
        this.timing = settings.timing();
        this.waiting = settings.watch().waiting();
    }

    /** The fingerprint of the certificate that the endpoint presented last, as Proxmox writes it; null if unknown. */
    @Nullable
    public String fingerprint(URI base) {
        return fingerprints.get(base);
    }

    /** The connection failed: nothing was sent. */
    public static final class Unreachable extends IOException {
        Unreachable(IOException cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    /** The connection ended without an answer to an upload. */
    public static final class AnswerLost extends IOException {
        private final boolean whole;

        AnswerLost(boolean whole, IOException cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
            this.whole = whole;
        }

        /** Whether the whole body was sent, so that the server may have acted on it. */
        public boolean whole() {
            return whole;
        }
    }

    /** The source of an upload could not be read: not the server's fault. */
    public static final class SourceBroken extends IOException {
        SourceBroken(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param target with the leading slash, already percent-encoded
     */
    public Reply exchange(URI base, String method, String target, SequencedMap<String, String> headers, byte[] body)
            throws IOException {
        try (SSLSocket socket = connect(base)) {
            byte[] head = head(base, method, target, headers, method.equals("POST") ? body.length : -1);
            byte[] whole = java.util.Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, whole, head.length, body.length);
            socket.getOutputStream().write(whole);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            await(socket, in, "%s to answer %s %s".formatted(base.getAuthority(), method, target));
            return Reply.read(in);
        }
    }

    /** Until the answer begins. Long waits are reported, each time after twice as long. */
    private void await(SSLSocket socket, InputStream in, String what) throws IOException {
        long limit = timing.answer().toMillis();
        long word = Math.max(1, timing.firstWord().toMillis());
        in.mark(1);
        for (long waited = 0; ; word = waited) {
            int now = (int) Math.min(word, limit - waited);
            socket.setSoTimeout(now);
            try {
                in.read();
                in.reset();
                socket.setSoTimeout((int) limit);
                return;
            } catch (SocketTimeoutException e) {
                waited += now;
                if (waited >= limit) {
                    throw new SocketTimeoutException(
                            "no answer within %s".formatted(ProxmoxSettings.Timing.shown(timing.answer())));
                }
                waiting.on("waiting for %s, for %s"
                        .formatted(what, ProxmoxSettings.Timing.shown(java.time.Duration.ofMillis(waited))));
            }
        }
    }

    /** Preamble, content and tail, each sent once; an early answer ends the sending. */
    public Reply upload(
            URI base, String target, SequencedMap<String, String> headers, UploadBody body, UploadProgress progress)
            throws IOException, InterruptedException {
        try (InputStream content = opened(body.content());
                SSLSocket socket = connect(base)) {
            Answering answering = new Answering(socket);
            // No virtual thread: the senders could keep it from running, and an early end would be noticed too late.
            Thread reader = Thread.ofPlatform().daemon().name("proxmox-answer").start(answering);
            boolean whole = false;
            try {
                OutputStream out = socket.getOutputStream();
                out.write(head(base, "POST", target, headers, body.length()));
                out.write(body.preamble());
                whole = send(content, body, out, answering, progress);
            } catch (SourceBroken e) {
                throw e;
            } catch (IOException e) {
                answering.failed(e);
            } finally {
                if (!whole && !answering.has()) {
                    // The answer to what was rejected half-way may already be on its way to the reader.
                    reader.join(1000);
                    answering.closeQuietly();
                }
            }
            reader.join(timing.answer());
            return answering.reply(whole);
        }
    }

    private static InputStream opened(ByteSource content) throws SourceBroken {
        try {
            return content.open();
        } catch (IOException e) {
            throw new SourceBroken(e);
        }
    }

    private static boolean send(
            InputStream content, UploadBody body, OutputStream out, Answering answering, UploadProgress progress)
            throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK];
        long size = body.content().size();
        long sent = 0;
        while (sent < size) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while sending");
            }
            int count = read(content, chunk, (int) Math.min(chunk.length, size - sent));
            if (answering.ended()) {
                return false;
            }
            out.write(chunk, 0, count);
            sent += count;
            answering.progress(sent);
            progress.sent(sent, size);
        }
        out.write(body.tail());
        out.flush();
        return true;
    }

    private static int read(InputStream content, byte[] chunk, int length) throws SourceBroken {
        try {
            int count = content.readNBytes(chunk, 0, length);
            if (count < length) {
                throw new SourceBroken(new EOFException("the file shrank while it was being sent"));
            }
            return count;
        } catch (SourceBroken e) {
            throw e;
        } catch (IOException e) {
            throw new SourceBroken(e);
        }
    }

    private SSLSocket connect(URI base) throws Unreachable {
        int port = base.getPort() < 0 ? 443 : base.getPort();
        String host = base.getHost();
        Socket plain = new Socket();
        try {
            plain.connect(
                    new InetSocketAddress(host, port), (int) timing.connect().toMillis());
            plain.setTcpNoDelay(true);
            plain.setSoTimeout((int) timing.connect().toMillis() * 2);
            String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, name, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            if (checksName) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.setSoTimeout((int) timing.answer().toMillis());
            noteFingerprint(base, socket);
            return socket;
        } catch (IOException e) {
            try {
                plain.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw new Unreachable(e);
        }
    }

    private void noteFingerprint(URI base, SSLSocket socket) throws IOException {
        try {
            byte[] certificate = socket.getSession().getPeerCertificates()[0].getEncoded();
            byte[] digest = HexFormat.of().parseHex(Sha256.of(certificate).hex());
            fingerprints.put(base, HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest));
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    private static byte[] head(
            URI base, String method, String target, SequencedMap<String, String> headers, long length) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(base.getRawAuthority()).append("\r\n");
        head.append("User-Agent: talos-forge\r\nAccept: application/json\r\nConnection: close\r\n");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (length >= 0) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads the answer while the body is still being sent: a rejection may come in the middle, and would be lost with
     * the connection if nobody read it.
     */
    private static final class Answering implements Runnable {
        private final SSLSocket socket;
        private final AtomicLong sent = new AtomicLong();
        private final AtomicReference<@Nullable Reply> reply = new AtomicReference<>();
        private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

        Answering(SSLSocket socket) {
            this.socket = socket;
        }

        @Override
        public void run() {
            long seen = -1;
            try {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                in.mark(1);
                while (true) {
                    try {
                        int first = in.read();
                        in.reset();
                        if (first < 0) {
                            throw new EOFException("the connection ended without an answer");
                        }
                        reply.set(Reply.read(in));
                        return;
                    } catch (SocketTimeoutException e) {
                        if (sent.get() == seen) {
                            throw e; // nothing moved in either direction
                        }
                        seen = sent.get();
                    }
                }
            } catch (IOException e) {
                failed(e);
                closeQuietly();
            }
        }

        /** Unblocks a writer that waits for a peer which no longer reads. */
        private void closeQuietly() {
            try {
                socket.close();
            } catch (IOException e) {
                failed(e);
            }
        }

        void progress(long bytes) {
            sent.set(bytes);
        }

        void failed(IOException e) {
            failure.compareAndSet(null, e);
        }

        /** Whether the other side accepts nothing more. */
        boolean ended() {
            return reply.get() != null || failure.get() != null;
        }

        boolean has() {
            return reply.get() != null;
        }

        Reply reply(boolean whole) throws AnswerLost {
            Reply answer = reply.get();
            if (answer != null) {
                return answer;
            }
            IOException why = failure.get();
            throw new AnswerLost(whole, why != null ? why : new SocketTimeoutException("no answer in time"));
        }
    }
}
