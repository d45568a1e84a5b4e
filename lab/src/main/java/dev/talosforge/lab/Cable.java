package dev.talosforge.lab;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A cable between two network cards: two UDP ports on loopback. */
public record Cable(Nic.CableEnd one, Nic.CableEnd other) {
    /** A cable on two ports that are free now. */
    public static Cable free() throws IOException {
        try (DatagramSocket one = onLoopback();
                DatagramSocket other = onLoopback()) {
            int first = one.getLocalPort();
            int second = other.getLocalPort();
            return new Cable(new Nic.CableEnd(first, second), new Nic.CableEnd(second, first));
        }
    }

    private static DatagramSocket onLoopback() throws IOException {
        return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
}
