package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import org.jspecify.annotations.Nullable;

/**
 * One image in place of another.
 *
 * @param oldName as the line of a plan has it: the tag where the title has the repository, else the whole name
 * @param oldTag null where there is none
 */
record ImageChange(String oldName, String newName, @Nullable String oldTag, Sha256 oldDigest, Sha256 newDigest) {
    /** Null if they are not images, are several, or have no digest. */
    static @Nullable ImageChange of(PartGroup before, PartGroup after) {
        PinnedImage old = image(before);
        PinnedImage now = image(after);
        if (old == null || now == null || old.digest() == null || now.digest() == null) {
            return null;
        }
        return before.first() instanceof Part.BaseImage
                ? isPinned(old) && isPinned(now)
                        ? new ImageChange(whole(old), whole(now), old.place().tag(), old.digest(), now.digest())
                        : null
                : new ImageChange(tag(old), tag(now), old.place().tag(), old.digest(), now.digest());
    }

    private static @Nullable PinnedImage image(PartGroup group) {
        if (group.parts().size() > 1) {
            return null;
        }
        return switch (group.first()) {
            case Part.BaseImage base -> base.image();
            case Part.Extension extension -> extension.image();
            case Part.ExtensionVariant variant -> variant.image();
            case Part.SourceImage source
            when source.images().size() == 1 -> source.images().getFirst();
            case Part.SourceImage _ -> null;
            case Part.TalosRelease _, Part.Architectures _, Part.ExtensionOrder _, Part.KernelArgument _ -> null;
            case Part.CommandLine _, Part.StageRevision _, Part.Target _, Part.IsoFile _, Part.Content _ -> null;
            case Part.Volume _, Part.Nodes _, Part.Output _, Part.Setting _, Part.SourceDate _ -> null;
            case Part.OfExtension _, Part.Unknown _ -> null;
        };
    }

    private static boolean isPinned(PinnedImage image) {
        return image.pinned().digest() != null;
    }

    private static String whole(PinnedImage image) {
        ImagePlace place = image.place();
        return place.name() + (place.tag() == null ? "" : ":" + place.tag());
    }

    private static String tag(PinnedImage image) {
        String tag = image.place().tag();
        return tag == null ? "" : tag;
    }

    boolean sameName() {
        return oldName.equals(newName);
    }

    String text() {
        String digests = "%s… -> %s…".formatted(oldDigest.shortText(), newDigest.shortText());
        if (!sameName()) {
            return oldDigest.equals(newDigest)
                    ? "%s -> %s, the same image".formatted(named(oldName), named(newName))
                    : "%s -> %s, %s".formatted(named(oldName), named(newName), digests);
        }
        return (oldTag == null ? "" : "tag %s moved, ".formatted(oldTag)) + digests;
    }

    private static String named(String name) {
        return name.isEmpty() ? "no tag" : name;
    }
}
