package dev.talosforge.pipeline.inputs;

import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.StartLines.Images;
import dev.talosforge.talos.kernel.KernelArgumentText;
import dev.talosforge.talos.kernel.KernelArgumentText.Refusal;
import dev.talosforge.talos.kernel.KernelLine;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kernel_args}: accepts what every firmware passes on unchanged and what fits on a command line; refuses the
 * rest.
 */
public final class KernelArgumentsReader {
    public static final String NAME = "kernel_args";

    /** Of an argument in a message, in characters. */
    private static final int MAX_SHOWN = 200;

    private KernelArgumentsReader() {}

    /** The arguments without what stands around them. */
    static List<String> read(InputReader in, TalosVersion version, List<Architecture> architectures) {
        boolean grub = architectures.stream().anyMatch(architecture -> BootIso.isHybrid(version, architecture));
        List<String> arguments = new ArrayList<>();
        for (String text : in.texts(NAME)) {
            String argument = KernelArgumentText.trimmed(text);
            Refusal refusal = KernelArgumentText.refusal(argument, grub);
            if (refusal != null) {
                in.wrong(
                        NAME,
                        "%s[%d]".formatted(NAME, arguments.size()),
                        "%s: \"%s\"".formatted(refusal.why(), shortened(KernelArgumentText.shown(argument))),
                        refusal.remedy());
            }
            arguments.add(argument);
        }
        return List.copyOf(arguments);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /** To be called when everything else is known: the limit is for the whole line. */
    static void checkLength(
            InputReader in,
            TalosVersion version,
            List<Architecture> architectures,
            Platform iso,
            Platform installer,
            List<String> arguments) {
        for (Architecture architecture : architectures) {
            Images images = new Images(version, architecture, iso, installer, arguments);
            int bytes = images.longest();
            if (bytes > KernelLine.MAX_BYTES) {
                in.wrong(
                        NAME,
                        NAME,
                        "makes a command line of %d bytes for %s, including what Talos and boot loaders add; the kernel reads %d, and drops the argument that exceeds the limit and all that follow"
                                .formatted(bytes, architecture.label(), KernelLine.MAX_BYTES),
                        "shorten it by at least %d bytes; pass a machine configuration by talos.config=URL or a cloud-init drive"
                                .formatted(bytes - KernelLine.MAX_BYTES));
                return;
            }
        }
    }
}
