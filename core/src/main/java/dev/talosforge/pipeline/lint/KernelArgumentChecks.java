package dev.talosforge.pipeline.lint;

import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.kernel.KernelArgumentReview;
import dev.talosforge.talos.kernel.KernelArgumentReview.Oddity;
import dev.talosforge.talos.kernel.KernelArgumentReview.Remark;
import dev.talosforge.talos.kernel.KernelCommandLine;
import java.util.ArrayList;
import java.util.List;

/** Kernel arguments that contradict, repeat or do nothing. */
final class KernelArgumentChecks {
    private static final String INPUT = "kernel_args";

    private KernelArgumentChecks() {}

    static List<LintFinding> of(LintSubject subject, ImagesInputs images) {
        List<LintFinding> findings = new ArrayList<>();
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

    private static LintRule check(Oddity oddity) {
        return switch (oddity) {
            case CONTRADICTION -> LintRule.KERNEL_ARGS_CONTRADICT;
            case REPETITION -> LintRule.KERNEL_ARGS_REPEATED;
            case NO_EFFECT -> LintRule.KERNEL_ARGS_NO_EFFECT;
            case CONSOLE_LOST -> LintRule.KERNEL_ARGS_CONSOLE;
            case SHARED_PLATFORM -> LintRule.TALOS_PLATFORM_SHARED;
            case SEVERAL_IN_ONE -> LintRule.KERNEL_ARGS_IN_ONE;
        };
    }
}
