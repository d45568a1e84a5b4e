package dev.talosforge.provenance;

import dev.talosforge.provenance.StagePlan.Reason;

/** What kind of reason a part is for a change. */
final class PartReason {
    private PartReason() {}

    /** @param extension what it is where it is an extension of Talos' own */
    static Reason of(Part part, Reason extension) {
        return switch (part) {
            case Part.TalosRelease _ -> Reason.TALOS_VERSION;
            case Part.Extension(boolean custom, PinnedImage _) -> custom ? Reason.CUSTOM_IMAGE : extension;
            case Part.ExtensionVariant _ -> extension;
            case Part.Identification _ -> Reason.EXTENSION_VERSION;
            case Part.BaseImage _ -> Reason.BASE_IMAGE;
            case Part.KernelArgument _, Part.CommandLine _ -> Reason.KERNEL_ARGUMENT;
            case Part.StageRevision _ -> Reason.STAGE_REVISION;
            case Part.DebianPackage _, Part.DebianPackages _ -> Reason.PACKAGE;
            case Part.Folder _, Part.SourceFile _, Part.TextFile _, Part.Service _ -> Reason.FILE;
            case Part.SourceImage _, Part.Archive _, Part.Download _, Part.Arrangement _ -> Reason.SOURCE;
            case Part.BuildTools _, Part.BuildCommand _, Part.BuildPatch _, Part.BuildVariable _ -> Reason.SOURCE;
            case Part.SourceOrder(boolean inBuild, var _) -> inBuild ? Reason.SOURCE : Reason.SETTING;
            case Part.Placing placing -> placing.inBuild() ? Reason.SOURCE : Reason.SETTING;
            case Part.Target _, Part.IsoFile _, Part.Volume _, Part.Nodes _ -> Reason.TARGET;
            case Part.Content _ -> Reason.CONTENT;
            case Part.Architectures _, Part.ExtensionOrder _, Part.Output _, Part.Setting _ -> Reason.SETTING;
            case Part.SourceDate _, Part.PackageLock _, Part.Unknown _ -> Reason.SETTING;
        };
    }
}
