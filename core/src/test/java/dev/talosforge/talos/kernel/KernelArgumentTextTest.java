package dev.talosforge.talos.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.image.StartLines;
import dev.talosforge.talos.image.StartLines.Images;
import dev.talosforge.talos.image.StartLines.MachineInstall;
import dev.talosforge.talos.kernel.KernelArgumentText.Refusal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What BIOS and UEFI start with is the same, or it is refused. */
class KernelArgumentTextTest {
    private static final TalosVersion VERSION = Objects.requireNonNull(TalosVersion.parse("v1.11.5"));

    private static void refused(String argument, String why) {
        Refusal refusal = KernelArgumentText.refusal(argument, true);
        assertNotNull(refusal, argument);
        assertEquals(why, refusal.why());
    }

    private static String uefiLine(String... kernelArgs) {
        Images images = new Images(VERSION, Architecture.AMD64, Platform.NOCLOUD, Platform.METAL, List.of(kernelArgs));
        StartLines lines = StartLines.of(images, MachineInstall.SILENT);
        assertEquals("BOOT_IMAGE=/boot/vmlinuz " + lines.isoUefi(), lines.isoBios());
        assertEquals(images.line(OutputKind.ISO), lines.isoUefi());
        return lines.isoUefi();
    }

    private static String end(String... kernelArgs) {
        String line = uefiLine(kernelArgs);
        String before = uefiLine();
        assertEquals(before, line.substring(0, before.length()));
        return line.substring(before.length()).stripLeading();
    }

    @Test
    void everyControlCharacterIsRefused() {
        refused("a\nb", "contains a line break (LF), where GRUB ends its command");
        refused("a\r\nb", "contains a line break (CR), where GRUB ends its command");
        for (int c = 0; c < 0xa0; c++) {
            if (Character.isISOControl(c) && c != '\n' && c != '\r') {
                String name = c == 0 ? "NUL" : c == '\t' ? "TAB" : c == 0x1b ? "ESC" : "U+%04X".formatted(c);
                refused(
                        "a" + (char) c + "b",
                        "contains the control character %s, which BIOS and UEFI treat differently".formatted(name));
            }
        }
    }

    @Test
    void whatHeredocsAndFilesEndWithIsNoPartOfAnArgument() {
        assertEquals("a=b", KernelArgumentText.trimmed("a=b\n"));
        assertEquals("a=b", KernelArgumentText.trimmed(" \t a=b \r\n\r\n"));
        assertEquals("", KernelArgumentText.trimmed(" \n"));
        assertEquals("a\nb", KernelArgumentText.trimmed("\na\nb\n"));
    }

    @Test
    void quotesStandWhereGrubPutsThem() {
        assertEquals("\"dyndbg=file drivers/usb/* +p\"", end("dyndbg=\"file drivers/usb/* +p\""));
        assertEquals("\"dyndbg=file drivers/usb/* +p\"", end("\"dyndbg=file drivers/usb/* +p\""));
        assertEquals("a=b c=d", end("a=\"b\"", "\"c=d\""));
        assertEquals("a= b", end("a=\"\"", "b"));
        assertEquals("\"a= b \" c", end("a=\" b \"  c"));
    }

    @Test
    void quotesAndBackslashesThatGrubChangesAreRefused() {
        refused("a='x y'", "has a single quote; GRUB puts a backslash before it");
        refused("back\\slash", "has a backslash; GRUB puts another one before it");
        refused("a\\x20b", "has a backslash; GRUB puts another one before it");
        refused("a=x\"y z\"", "has a double quote inside a word; GRUB puts a backslash before it");
        refused("a=\"y z\"x", "has a double quote inside a word; GRUB puts a backslash before it");
        refused(
                "a=\"y z",
                "has a double quote that is not closed; the kernel takes everything after it for one argument");
        // UEFI alone hands them over
        assertNull(KernelArgumentText.refusal("a='x' b\\c d=x\"y\"", false));
        assertNotNull(KernelArgumentText.refusal("a=\"y z", false));
        assertNotNull(KernelArgumentText.refusal("a\tb", false));
    }

    @Test
    void whatMeansSomethingToGrubsShellIsHandedOver() {
        for (String argument : List.of(
                "a=$b", "a=${b}", "$a", "a;b", "a=b;", "{", "}", "{a}", "#a", "#", "a#b", "a|b", "a&b", "<a>", "!",
                "[[", "]]", "~a", "a=*", "%d", "`x`", "if", "linux", "-", "a=b=c", "(hd0)", "@", "^a", "a,b:c/d")) {
            assertNull(KernelArgumentText.refusal(argument, true), argument);
            assertEquals(argument, end(argument));
        }
    }

    @Test
    void lettersOfOtherLanguagesAreHandedOverWhereEverybodyCanReadThem() {
        assertEquals("a=ü b=日本", end("a=ü", "b=日本"));
        refused("a=à", "contains the character U+00E0, in which the kernel sees a blank (byte a0)");
        refused("a=😀", "contains the character U+1F600, which UEFI drops");
        refused("a=\ud800", "contains the character U+D800, which UEFI drops");
        refused("a=\u00a0b", "contains the space U+00A0, which some readers of the command line take for a blank");
        refused("a=\u2003b", "contains the space U+2003, which some readers of the command line take for a blank");
        refused("a\u2028b", "contains the space U+2028, which some readers of the command line take for a blank");
        refused("\ufeffa", "contains the invisible character U+FEFF");
        refused("\uffffa", "contains the invisible character U+FFFF");
    }

    /** What bug reports showed of lines that were made by others. */
    @Test
    void bootLoadersChangeWhatIsRefused() {
        assertEquals(
                "BOOT_IMAGE=/k a=\\\"b \"x y\\'\" c\\\\d \\x20e \\\\xg",
                HandedOver.byGrub("/k", List.of("a=\"b", "x y'", "c\\d", "\\x20e", "\\xg")));
        assertEquals("a b c", HandedOver.byStub("a\nb\u001b😀c \t\n"));
        assertEquals("a", HandedOver.byStub("a\0b"));
        assertEquals("x", HandedOver.byStub("x" + " ".repeat(60_000)));
    }

    @Test
    void theLongestLineOfAnyMenuCounts() {
        Images bare = new Images(VERSION, Architecture.AMD64, Platform.NOCLOUD, Platform.METAL, List.of());
        String iso = bare.line(OutputKind.ISO);
        assertEquals(
                "BOOT_IMAGE=/boot/vmlinuz ".length() + iso.length() + " talos.experimental.wipe=system".length(),
                bare.longest());
        String filling = "x".repeat(KernelLine.MAX_BYTES - bare.longest() - 1);
        assertEquals(2047, longest(filling));
        assertEquals(2048, longest(filling + "x"));
        // a letter of two bytes counts for two
        assertEquals(2048, longest(filling.substring(1) + "ü"));
        String full = "BOOT_IMAGE=/boot/vmlinuz " + iso + " " + filling + " talos.experimental.wipe=system";
        assertEquals(
                full,
                HandedOver.byGrub(
                        "/boot/vmlinuz",
                        KernelLine.of(HandedOver.withoutImage(full)).words()));
        assertEquals(
                "BOOT_IMAGE=/boot/vmlinuz " + iso,
                HandedOver.byGrub(
                        "/boot/vmlinuz",
                        KernelLine.of(iso + " " + filling + "x".repeat(32) + " nosmt")
                                .words()));
        assertEquals(iso, HandedOver.byStub(iso + " " + "x".repeat(2047 - iso.length()) + " nosmt"));
    }

    private static int longest(String argument) {
        return new Images(VERSION, Architecture.AMD64, Platform.NOCLOUD, Platform.METAL, List.of(argument)).longest();
    }

    @Test
    void anArgumentIsShownOnOneLine() {
        assertEquals("a\\nb\\r\\t\\u0000\\u001b\\u00a0 ü", KernelArgumentText.shown("a\nb\r\t\0\u001b\u00a0 ü"));
        assertEquals("talos.config=https://…@host/", KernelArgumentText.shown("talos.config=https://me:pw@host/"));
    }
}
