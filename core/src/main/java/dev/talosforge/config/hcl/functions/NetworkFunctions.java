package dev.talosforge.config.hcl.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Calculations with address ranges. */
final class NetworkFunctions {
    private NetworkFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("cidrhost(prefix, hostnum)", NetworkFunctions::host),
                Function.of("cidrnetmask(prefix)", NetworkFunctions::mask),
                Function.of("cidrsubnet(prefix, newbits, netnum)", NetworkFunctions::subnet),
                Function.of("cidrsubnets(prefix, newbits*)", NetworkFunctions::subnets),
                Function.of("cidrcontains(containing_prefix, contained_ip_or_prefix)", NetworkFunctions::contains));
    }

    /**
     * An address range.
     *
     * @param width bits of an address: 32 or 128
     * @param length number of bits that all addresses share
     */
    private record Network(BigInteger first, int width, int length) {
        static Network parse(Arguments arguments, int index) {
            String text = arguments.text(index);
            int slash = text.indexOf('/');
            String bits = slash < 0 ? "" : text.substring(slash + 1);
            IpAddress address = slash < 0 ? null : IpAddress.parse(text.substring(0, slash));
            if (address == null || !bits.matches("[0-9]{1,3}") || Integer.parseInt(bits, 10) > address.width()) {
                throw arguments.failure(index, "expected a range like 10.0.0.0/8, found \"%s\"".formatted(text));
            }
            int length = Integer.parseInt(bits, 10);
            int free = address.width() - length;
            return new Network(address.number().shiftRight(free).shiftLeft(free), address.width(), length);
        }

        BigInteger size() {
            return BigInteger.ONE.shiftLeft(width - length);
        }

        String text() {
            return new IpAddress(first, width).text() + "/" + length;
        }
    }

    private static Value host(Arguments arguments) {
        Network network = Network.parse(arguments, 0);
        BigInteger number;
        try {
            number = arguments.number(1).toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw arguments.failure(1, "expected a whole number");
        }
        BigInteger position = number.signum() < 0 ? network.size().add(number) : number;
        if (position.signum() < 0 || position.compareTo(network.size()) >= 0) {
            throw arguments.failure(1, "%s has %s addresses".formatted(network.text(), network.size()));
        }
        return Value.of(new IpAddress(network.first().add(position), network.width()).text());
    }

    private static Value mask(Arguments arguments) {
        Network network = Network.parse(arguments, 0);
        if (network.width() != 32) {
            throw arguments.failure(0, "only IPv4 ranges have a netmask");
        }
        int free = network.width() - network.length();
        BigInteger ones = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
        return Value.of(new IpAddress(ones.shiftRight(free).shiftLeft(free), 32).text());
    }

    private static Value subnet(Arguments arguments) {
        Network network = Network.parse(arguments, 0);
        int bits = arguments.whole(1, 0, network.width() - network.length());
        BigInteger number;
        try {
            number = arguments.number(2).toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw arguments.failure(2, "expected a whole number");
        }
        if (number.signum() < 0 || number.bitLength() > bits) {
            throw arguments.failure(2, "%d more bits make %s ranges".formatted(bits, BigInteger.ONE.shiftLeft(bits)));
        }
        int length = network.length() + bits;
        BigInteger first = network.first().add(number.shiftLeft(network.width() - length));
        return Value.of(new Network(first, network.width(), length).text());
    }

    /** Ranges in sequence, each at the next place where a range of its size can begin. */
    private static Value subnets(Arguments arguments) {
        Network network = Network.parse(arguments, 0);
        BigInteger end = network.first().add(network.size());
        BigInteger next = network.first();
        List<String> ranges = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            int length = network.length() + arguments.whole(i, 1, Math.min(32, network.width() - network.length()));
            BigInteger size = BigInteger.ONE.shiftLeft(network.width() - length);
            BigInteger first =
                    next.add(size).subtract(BigInteger.ONE).divide(size).multiply(size);
            next = first.add(size);
            if (next.compareTo(end) > 0) {
                throw arguments.failure(i, "%s has no room left for it".formatted(network.text()));
            }
            ranges.add(new Network(first, network.width(), length).text());
        }
        return Value.listOfTexts(ranges);
    }

    private static Value contains(Arguments arguments) {
        Network network = Network.parse(arguments, 0);
        String text = arguments.text(1);
        IpAddress address = IpAddress.parse(text);
        if (address != null) {
            sameFamily(arguments, network.width(), address.width());
            return Value.of(within(network, address.number()));
        }
        Network other = Network.parse(arguments, 1);
        sameFamily(arguments, network.width(), other.width());
        return Value.of(other.length() >= network.length() && within(network, other.first()));
    }

    private static void sameFamily(Arguments arguments, int width, int otherWidth) {
        if (width != otherWidth) {
            throw arguments.failure(1, "one is IPv4 and the other is IPv6");
        }
    }

    private static boolean within(Network network, BigInteger address) {
        int free = network.width() - network.length();
        return address.shiftRight(free).equals(network.first().shiftRight(free));
    }
}
