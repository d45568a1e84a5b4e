package dev.talosforge.lab.pve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in Proxmox VE cluster on loopback: one HTTPS listener per online node, files on disk below one directory.
 *
 * <p>It is its own small server instead of the JDK's, because what a client has to cope with is below HTTP: connections
 * that end without an answer, the content of TLS records, two Connection headers, reason phrases.
 */
public final class PveEndpoint implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 200;
    private static final int BACKLOG = 64;

    /** Not shortened with the other times: a busy machine needs time for keys. */
    private static final int HANDSHAKE_MILLIS = 10_000;

    private static final int TLS_HANDSHAKE = 0x16;

    private final PveCluster cluster;
    private final PveCertificates certificates;
    private final SSLContext tls;
    private final InstantSource clock;
    private final Random random;
    private final SequencedMap<String, ServerSocket> listeners = new LinkedHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);

    private PveEndpoint(
            PveCluster cluster, PveCertificates certificates, SSLContext tls, InstantSource clock, Random random) {
        this.cluster = cluster;
        this.certificates = certificates;
        this.tls = tls;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Its location and what it gets from outside.
     *
     * @param state directory for the files of the nodes and storages
     * @param certificates directory for the throwaway authority; may be shared by several endpoints
     * @param port of the first online node, the others follow in order; 0 for any free ports
     */
    public record Place(Path state, Path certificates, int port, InstantSource clock, Random random) {}

    /** Starts listening; {@link #close} ends it. */
    public static PveEndpoint start(PveWorld world, PveSettings settings, Place place) throws IOException {
        PveCertificates certificates = PveCertificates.in(
                place.certificates(),
                world.nodes().stream().map(PveWorld.Node::name).toList());
        PveFaults faults = new PveFaults();
        PveStore store = new PveStore(place.state(), faults);
        PveTasks tasks = new PveTasks(place.clock());
        PveCluster cluster = new PveCluster(
                world,
                new CopyOnWriteArrayList<>(world.machines()),
                settings,
                new PveAccess(world, place.clock(), place.random(), faults),
                store,
                tasks,
                new PveUploads(world, settings, store, tasks, faults, place.random()),
                faults,
                new AtomicInteger(),
                certificates.fingerprint());
        PveEndpoint endpoint =
                new PveEndpoint(cluster, certificates, certificates.context(), place.clock(), place.random());
        try {
            endpoint.listen(place.port());
        } catch (IOException e) {
            endpoint.stopListening();
            throw e;
        }
        return endpoint;
    }

    private void listen(int first) throws IOException {
        int port = first;
        for (PveWorld.Node node : cluster.world().nodes()) {
            if (node.online()) {
                ServerSocket listener = new ServerSocket();
                listeners.put(node.name(), listener);
                listener.setReuseAddress(true);
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
                port = first == 0 ? 0 : port + 1;
                Thread.ofVirtual().name("pve-" + node.name()).start(() -> accept(node.name(), listener));
            }
        }
    }

    private void accept(String node, ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                if (!connections.tryAcquire()) {
                    socket.close();
                    continue;
                }
                open.add(socket);
                Thread.ofVirtual().name("pve-client").start(() -> serve(node, socket));
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(String node, Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            int first = socket.getInputStream().read();
            if (first < 0) {
                return;
            }
            if (first != TLS_HANDSHAKE) {
                redirect(node, socket, first);
                return;
            }
            var consumed = new ByteArrayInputStream(new byte[] {(byte) first});
            try (SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, consumed, true)) {
                secured.setEnabledProtocols(
                        cluster.faults().strikes(PveFault.OLD_TLS)
                                ? new String[] {"TLSv1.2"}
                                : new String[] {"TLSv1.2", "TLSv1.3"});
                secured.startHandshake();
                new PveConnection(secured, node, cluster, clock, random).serve();
            }
        } catch (IOException e) {
            // a client that left, or is sent away, needs no answer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
            connections.release();
        }
    }

    /** Plain HTTP is redirected to https. */
    private void redirect(String node, Socket socket, int first) throws IOException {
        StringBuilder line = new StringBuilder().append((char) first);
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\r' && c != '\n' && line.length() < 2000;
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        String[] words = line.toString().split(" ", -1);
        boolean read = words[0].equals("GET") || words[0].equals("HEAD");
        String target = words.length > 1 && words[1].startsWith("/") ? words[1] : "/";
        String answer = "HTTP/1.1 %s\r\nLocation: %s%s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                .formatted(read ? "301 Moved Permanently" : "308 Permanent Redirect", uri(node), target.substring(1));
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
    }

    /** The listener of the first online node: {@code https://localhost:PORT/}. */
    public URI uri() {
        return uri(listeners.firstEntry().getKey());
    }

    /** The listener of an online node. */
    public URI uri(String node) {
        ServerSocket listener = listeners.get(node);
        if (listener == null) {
            throw new IllegalArgumentException("no listener for node " + node);
        }
        return URI.create("https://localhost:%d/".formatted(listener.getLocalPort()));
    }

    /** Of every online node. */
    public SequencedMap<String, URI> uris() {
        SequencedMap<String, URI> uris = new LinkedHashMap<>();
        listeners.keySet().forEach(node -> uris.put(node, uri(node)));
        return Collections.unmodifiableSequencedMap(uris);
    }

    /** PEM of the authority that signed the listeners' certificate. */
    public Path authority() {
        return certificates.authority();
    }

    /** SHA-256 of the server certificate, upper-case hexadecimal with colons. */
    public String fingerprint() {
        return cluster.fingerprint();
    }

    /** Adds a machine that was not there before. */
    public void add(PveWorld.Machine machine) {
        cluster.machines().add(machine);
    }

    /** The faults that can be switched on. */
    public PveFaults faults() {
        return cluster.faults();
    }

    /** The directory behind {@code STORAGE:iso/…} on a node; null for an unknown storage. */
    public @Nullable Path isoDirectory(String node, String storage) {
        PveWorld.Storage known = cluster.world().storage(storage);
        return known == null ? null : cluster.store().directory(node, known, "iso");
    }

    /** How many answers were held back so far, as every 401 is and the 403 of an upload. */
    int heldBack() {
        return cluster.heldBack().get();
    }

    /** How many tickets were requested so far. */
    int logins() {
        return cluster.access().logins();
    }

    /** Whether it is idle: nobody is connected, and no task runs. */
    boolean isIdle() {
        return open.isEmpty() && cluster.tasks().areDone();
    }

    /** Files in a node's {@code /var/tmp}: if no upload runs, those that were leaked. */
    public int temporaryFiles(String node) throws IOException {
        return cluster.store().temporaryFiles(node);
    }

    /** Closes listeners and connections and waits for the tasks. */
    @Override
    public void close() throws IOException {
        stopListening();
        for (Socket socket : open) {
            socket.close();
        }
        try {
            cluster.tasks().stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopListening() throws IOException {
        for (ServerSocket listener : listeners.values()) {
            listener.close();
        }
    }
}
