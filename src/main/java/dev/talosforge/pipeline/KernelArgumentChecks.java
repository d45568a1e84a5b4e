package dev.talosforge.pipeline;

import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.KernelArgumentReview;
import dev.talosforge.talos.KernelArgumentReview.Oddity;
import dev.talosforge.talos.KernelArgumentReview.Remark;
import dev.talosforge.talos.KernelCommandLine;
import dev.talosforge.talos.OutputKind;
import java.util.ArrayList;
import java.util.List;

/** Kernel arguments that contradict, repeat or do nothing. */
final class KernelArgumentChecks {
    private static final String INPUT = "kernel_args";

    private KernelArgumentChecks() {}

    static List<Finding> of(Subject subject, ImagesInputs images) {
        List<Finding> findings = new ArrayList<>();
        if (!subject.isReal(INPUT)) {
            return findings;
        }
        List<KernelCommandLine.Target> targets = new ArrayList<>();
        for (Architecture architecture : images.architectures()) {
            targets.add(images.target(architecture, OutputKind.INSTALLER));
            targets.add(images.target(architecture, OutputKind.ISO));
        }
        List<Remark> remarks = KernelArgumentReview.of(images.kernelArgs(), targets);
        for (Remark remark : remarks) {
            findings.add(subject.finding(
                    check(remark.oddity()),
                    INPUT,
                    subject.place(INPUT, remark.item(), images.kernelArgs().get(remark.item())),
                    remark.what(),
                    remark.why(),
                    remark.remedy()));
        }
        return findings;
    }

    private static Check check(Oddity oddity) {
        return switch (oddity) {
            case CONTRADICTION -> Check.KERNEL_ARGS_CONTRADICT;
            case REPETITION -> Check.KERNEL_ARGS_REPEATED;
            case NO_EFFECT -> Check.KERNEL_ARGS_NO_EFFECT;
            case CONSOLE_LOST -> Check.KERNEL_ARGS_CONSOLE;
            case SHARED_PLATFORM -> Check.TALOS_PLATFORM_SHARED;
            case SEVERAL_IN_ONE -> Check.KERNEL_ARGS_IN_ONE;
        };
    }
}
