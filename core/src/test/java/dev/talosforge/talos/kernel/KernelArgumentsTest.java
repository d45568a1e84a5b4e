package dev.talosforge.talos.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelArgumentsTest {
    private static final String TWO = "console=tty0 console=ttyS0 root=/dev/sdb";
    private static final String FIVE = "console=tty0 console=ttyS0,9600 root=/dev/sda panic=0 console=ttyS0,115000";

    private static void append(String start, String list, boolean overwrite, boolean negated, String expected) {
        KernelArguments result = KernelArguments.parse(start)
                .appendAll(List.of(list.split(" ")), overwrite ? Set.of("console") : Set.of(), negated);
        assertEquals(expected, result.toString());
    }

    @Test
    void appendsByKey() {
        append(
                "ip=dhcp console=x root=/dev/sdc",
                "root=/dev/sda root=/dev/sdb",
                false,
                false,
                "ip=dhcp console=x root=/dev/sdc root=/dev/sda root=/dev/sdb");
        append("root=/dev/sdb", "this=that=those", false, false, "root=/dev/sdb this=that=those");
        append(
                TWO,
                "console=tty0 console=ttyS1,115200 nogui",
                false,
                false,
                "console=tty0 console=ttyS0 console=tty0 console=ttyS1,115200 root=/dev/sdb nogui");
    }

    @Test
    void overwritesWhereTheKeyStands() {
        append(
                TWO,
                "console=tty0 console=ttyS1,115200 nogui",
                true,
                false,
                "console=tty0 console=ttyS1,115200 root=/dev/sdb nogui");
    }

    @Test
    void negationRemoves() {
        append(TWO, "-console nogui", true, true, "root=/dev/sdb nogui");
        append(
                "console=tty0 console=ttyS0,9600 root=/dev/sdb",
                "-console=ttyS0,9600 nogui",
                false,
                true,
                "console=tty0 root=/dev/sdb nogui");
        append(TWO, "-console=tty0 nogui", true, true, "console=ttyS0 root=/dev/sdb nogui");
        append(TWO, "-console nogui console=ttyAMA0", true, true, "root=/dev/sdb nogui console=ttyAMA0");
        append(
                TWO,
                "-console=tty0 nogui console=ttyAMA0",
                false,
                true,
                "console=ttyS0 console=ttyAMA0 root=/dev/sdb nogui");
        append(TWO, "-console=tty0 nogui console=ttyAMA0", true, true, "console=ttyAMA0 root=/dev/sdb nogui");
        append("k=x k=y k", "-k -k=x", false, true, "");
        append("k=x k=y k", "-k=x -k", false, true, "k=y");
        append("a", "-", false, true, "a -");
    }

    @Test
    void setReplacesAllValuesInPlace() {
        assertEquals(
                "boot=xyz root=/dev/abc nogui console",
                KernelArguments.parse("boot=xyz root=/dev/abc nogui console=tty0 console=ttyS0,9600")
                        .set("console", List.of(""))
                        .toString());
        assertEquals(
                "root=/dev/mmcblk0 aye=sir",
                KernelArguments.parse("root=/dev/sdb root=/dev/sdc aye=sir")
                        .setAll(List.of("root=/dev/mmcblk0"))
                        .toString());
        assertEquals(
                "root=/dev/sda root=/dev/sdb",
                KernelArguments.empty()
                        .setAll(List.of("root=/dev/sda", "root=/dev/sdb"))
                        .toString());
    }

    private static String delete(String line, String... values) {
        return KernelArguments.parse(line).delete("console", List.of(values)).toString();
    }

    @Test
    void deleteRemovesValues() {
        assertEquals("console=tty0", delete("console=tty0", ""));
        assertEquals("", delete("console=tty0", "tty0"));
        assertEquals("console=tty0 console=ttyS0,115000 root=/dev/sda panic=0", delete(FIVE, "ttyS0,9600"));
        assertEquals("console=ttyS0,115000 root=/dev/sda panic=0", delete(FIVE, "ttyS0,9600", "tty0"));
    }

    @Test
    void aKeyWithoutValuesKeepsItsPlace() {
        assertEquals(
                "console=x root=/dev/sda panic=0",
                KernelArguments.parse("console=tty0 root=/dev/sda panic=0")
                        .delete("console", List.of("tty0"))
                        .append("console", "x")
                        .toString());
    }

    @Test
    void printsByKey() {
        assertEquals(
                "console=tty0 console=ttyS0,9600 console=ttyS0,115000 root=/dev/sda panic=0",
                KernelArguments.parse(FIVE).toString());
        assertEquals("slab_nomerge", KernelArguments.parse(" slab_nomerge= ").toString());
        assertEquals(List.of("tty0"), KernelArguments.parse("console=tty0").values("console"));
    }
}
