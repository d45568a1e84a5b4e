package dev.talosforge.provenance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Parts that are shown together, because they have the same title.
 *
 * @param parts at least one
 */
record PartGroup(List<Part> parts) {
    PartGroup {
        parts = List.copyOf(parts);
    }

    /** By title, in the order in which each comes first. */
    static SequencedMap<String, PartGroup> of(List<Part> parts) {
        SequencedMap<String, List<Part>> byTitle = new LinkedHashMap<>();
        for (Part part : parts) {
            byTitle.computeIfAbsent(PartText.title(part), _ -> new ArrayList<>())
                    .add(part);
        }
        SequencedMap<String, PartGroup> groups = new LinkedHashMap<>();
        byTitle.forEach((title, same) -> groups.put(title, new PartGroup(same)));
        return groups;
    }

    Part first() {
        return parts.getFirst();
    }

    String title() {
        return PartText.title(first());
    }

    String value() {
        return PartText.value(parts);
    }

    /** Whether it is shown only if it differs: there are too many of them to list, or they say too little. */
    boolean isDetail() {
        return switch (first()) {
            case Part.DebianPackage _, Part.SourceFile _, Part.SourceOrder _, Part.ExtensionOrder _ -> true;
            case Part.Arrangement _ -> true;
            case Part.TalosRelease _, Part.Architectures _, Part.BaseImage _, Part.Extension _ -> false;
            case Part.ExtensionVariant _, Part.KernelArgument _, Part.CommandLine _, Part.StageRevision _ -> false;
            case Part.Target _, Part.IsoFile _, Part.Content _, Part.Volume _, Part.Nodes _, Part.Output _ -> false;
            case Part.Setting _, Part.SourceDate _, Part.Identification _, Part.Service _ -> false;
            case Part.PackageLock _, Part.Placing _, Part.SourceImage _, Part.DebianPackages _ -> false;
            case Part.Folder _, Part.TextFile _, Part.Archive _, Part.Download _, Part.Unknown _ -> false;
            case Part.BuildTools _, Part.BuildCommand _, Part.BuildPatch _, Part.BuildVariable _ -> false;
        };
    }

    /**
     * Whether records of earlier versions of this program lack it. Where it is recorded an empty value is none.
     */
    boolean isLater() {
        return switch (first()) {
            case Part.Arrangement _, Part.ExtensionOrder _, Part.SourceDate _, Part.Output _ -> true;
            case Part.Setting(Part.Setting.Name name, String _) ->
                switch (name) {
                    case AUTHOR, DESCRIPTION -> true;
                    case COMPATIBILITY, CONTAINER, SQUASHFS -> false;
                };
            case Part.TalosRelease _, Part.Architectures _, Part.BaseImage _, Part.Extension _ -> false;
            case Part.ExtensionVariant _, Part.KernelArgument _, Part.CommandLine _, Part.StageRevision _ -> false;
            case Part.Target _, Part.IsoFile _, Part.Content _, Part.Volume _, Part.Nodes _ -> false;
            case Part.OfExtension _, Part.Unknown _ -> false;
        };
    }
}
