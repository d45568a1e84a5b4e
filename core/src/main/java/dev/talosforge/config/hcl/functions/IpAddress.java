package dev.talosforge.config.hcl.functions;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address.
 *
 * @param width bits: 32 or 128
 */
record IpAddress(BigInteger number, int width) {
    /** Null if it is not an address; names are not looked up. The decimal numbers of IPv4 may have leading zeros. */
    static @Nullable IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? parse6(text) : parse4(text);
    }

    private static @Nullable IpAddress parse4(String text) {
        String[] parts = text.split("\\.", -1);
        BigInteger number = BigInteger.ZERO;
        for (String part : parts) {
            if (!part.matches("0{0,8}[0-9]{1,3}") || Integer.parseInt(part, 10) > 255) {
                return null;
            }
            number = number.shiftLeft(8).add(new BigInteger(part));
        }
        return parts.length == 4 ? new IpAddress(number, 32) : null;
    }

    private static @Nullable IpAddress parse6(String text) {
        int gap = text.indexOf("::");
        List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap));
        List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int count = head.size() + tail.size();
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        List<Integer> all = new ArrayList<>(head);
        for (int i = count; i < 8; i++) {
            all.add(0);
        }
        all.addAll(tail);
        BigInteger number = BigInteger.ZERO;
        for (int group : all) {
            number = number.shiftLeft(16).add(BigInteger.valueOf(group));
        }
        return new IpAddress(number, 128);
    }

    private static @Nullable List<Integer> groups(String text) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            IpAddress last = i == parts.length - 1 && parts[i].indexOf('.') >= 0 ? parse4(parts[i]) : null;
            if (last != null) {
                groups.add(last.number().shiftRight(16).intValue());
                groups.add(last.number().intValue() & 0xFFFF);
            } else if (parts[i].matches("[0-9a-fA-F]{1,4}")) {
                groups.add(Integer.parseInt(parts[i], 16));
            } else {
                return null;
            }
        }
        return groups;
    }

    /** RFC 5952: the longest run of zero groups is left out. */
    String text() {
        if (width == 32) {
            int n = number.intValue();
            return "%d.%d.%d.%d".formatted(n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255);
        }
        List<String> groups = new ArrayList<>();
        for (int i = 7; i >= 0; i--) {
            groups.add(Integer.toHexString(number.shiftRight(16 * i).intValue() & 0xFFFF));
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups.get(end).equals("0")) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        return start < 0
                ? String.join(":", groups)
                : String.join(":", groups.subList(0, start)) + "::"
                        + String.join(":", groups.subList(start + length, 8));
    }
}
