package dev.talosforge.pipeline.publish;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rule that a tag which does not belong to the stage moves only from what its unit published: by the record beside
 * the state, which one machine has, or by the records with the image, which every machine finds.
 */
final class TagRule {
    private static final int MAX_NAMED = 3;

    private final BuildContext context;
    private final String unit;

    TagRule(BuildContext context, String unit) {
        this.context = context;
        this.unit = unit;
    }

    /**
     * Fails if the tag must not move.
     *
     * @param now what it names; null for nothing
     */
    void check(ImagePlace target, @Nullable Sha256 now, Descriptor top, Allowance allowance)
            throws InterruptedException {
        if (allowance.fromAny() || now == null || now.equals(top.digest()) || now.equals(allowance.last())) {
            return;
        }
        String owner = owner(target, now, allowance.record());
        if (owner == null) {
            return;
        }
        throw new BuildException(Problem.failed(Problem.Kind.REFUSED, "cannot publish " + target)
                .because("the tag %s names %s, %s, and would move to %s"
                        .formatted(target.tag(), now, owner, top.digest()))
                .trying(Remedy.sentence(
                        "choose another tag, or allow this one to move: ",
                        new Remedy.Text("overwrite_tag = true").or(Remedy.give(RunOption.OVERWRITE_TAG)))));
    }

    /** Whose image it is, in words; null if it is this unit's. */
    private @Nullable String owner(ImagePlace target, Sha256 image, @Nullable PublicationRecord own)
            throws InterruptedException {
        String unknown = "which is not this unit's last publication";
        if (own == null || !(target instanceof ImagePlace.InRegistry(ImageReference reference))) {
            return unknown;
        }
        try {
            List<PublicationRecord> records = records(reference, image);
            if (records.stream().anyMatch(own::isSame)) {
                return null;
            }
            return records.isEmpty() ? unknown : "which was published by " + names(records);
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            if (problem.kind() == Problem.Kind.UNAVAILABLE) {
                throw e;
            }
            return "%s (the registry does not show who published it: %s)".formatted(unknown, problem.why());
        }
    }

    private List<PublicationRecord> records(ImageReference reference, Sha256 image) throws InterruptedException {
        return context.registries().referrers(reference, image, PublicationRecord.TYPE).stream()
                .map(PublicationRecord::of)
                .filter(Objects::nonNull)
                .toList();
    }

    private static String names(List<PublicationRecord> records) {
        List<String> names = records.stream()
                .map(record -> record.unit().shown())
                .sorted()
                .distinct()
                .toList();
        String shown = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
        return names.size() > MAX_NAMED ? shown + " and %d more".formatted(names.size() - MAX_NAMED) : shown;
    }

    /**
     * Marks an image in its registry as this unit's, before the tag moves to it. Registries that do not accept that are
     * no reason not to publish.
     */
    void mark(ImageReference target, Descriptor top, PublicationRecord record) throws InterruptedException {
        try {
            if (records(target, top.digest()).stream().noneMatch(record::isSame)) {
                context.registries().attach(target, record.about(top), wanted -> {
                    throw new IOException("not in a record: " + wanted.digest());
                });
            }
        } catch (BuildException e) {
            context.events()
                    .warning(
                            unit,
                            "the registry does not keep which unit published %s: %s; on another machine, this unit may move the tag %s only with overwrite_tag"
                                    .formatted(
                                            top.digest(),
                                            e.problems().getFirst().why(),
                                            target.tag()));
        }
    }
}
