package dev.talosforge.lab;

import java.util.List;

/**
 * A network card of a machine.
 *
 * @param mac its address: {@code 52:54:00:00:00:01}
 * @param link what it is plugged into
 */
public record Nic(String mac, Link link) {
    public Nic {
        if (!mac.matches("[0-9a-f][02468ace](?::[0-9a-f]{2}){5}")) {
            throw new IllegalArgumentException("not the address of one network card: " + mac);
        }
    }

    /** What a card is plugged into. */
    public sealed interface Link {}

    /**
     * One end of a cable between two machines. Frames travel as UDP datagrams on loopback, so it does not matter which
     * machine starts first. See {@link Cable}.
     */
    public record CableEnd(int ownPort, int otherPort) implements Link {}

    /**
     * A network of this machine alone, behind QEMU's own router: it gives 10.0.2.15 by DHCP and lets nothing out.
     *
     * @param forwards ports on loopback of this computer that lead into the machine
     */
    public record Isolated(List<Forward> forwards) implements Link {
        public Isolated {
            forwards = List.copyOf(forwards);
        }
    }

    /** A TCP port on 127.0.0.1 that leads to a port of the machine at 10.0.2.15. */
    public record Forward(int hostPort, int machinePort) {}
}
