package dev.talosforge.pipeline.pin;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.CatalogImage;
import dev.talosforge.pipeline.inputs.ImageSet;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.pin.LockFile.Match;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import dev.talosforge.problem.Wording;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.talos.extension.ExtensionCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the tree's lock contains for the images that one unit names.
 *
 * @param file of the lock, whether or not it exists
 * @param lock null if there is none
 * @param required whether an image that is missing in the lock is a problem
 * @param own what the unit names itself
 * @param wording says who requires it
 */
public record UnitPins(Path file, @Nullable LockFile lock, boolean required, UnitReferences own, Wording wording) {
    /** Nothing is locked. */
    public static UnitPins none() {
        return new UnitPins(
                Path.of(LockLocation.NAME),
                null,
                false,
                new UnitReferences(List.of(), new TreeSet<>()),
                Wording.plain());
    }

    /**
     * The pins of a unit that is about to run.
     *
     * @param module the unit's
     * @param file where the tree's lock is, if there is one
     * @param own supplies what the unit names; not called if no lock can contain it
     */
    public static UnitPins of(
            @Nullable String module, LockLocation place, Path file, Wording wording, Supplier<UnitReferences> own)
            throws IOException {
        StageModule stage = StageModule.of(module);
        if (stage == null || stage == StageModule.UPLOAD) {
            return none(); // The others name no image.
        }
        boolean images = stage == StageModule.IMAGES;
        LockFile lock = LockFile.read(file);
        UnitReferences named = lock == null && (images || !place.required())
                ? new UnitReferences(List.of(), new TreeSet<>())
                : own.get();
        if (lock == null && place.required() && (images || !named.uses().isEmpty())) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use the lock " + file)
                    .because("the file does not exist, but %s requires it".formatted(wording.of(RunOption.LOCKED)))
                    .trying(Remedy.sentence("run: ", Remedy.command(Verb.LOCK))));
        }
        return new UnitPins(file, lock, place.required(), named, wording);
    }

    /**
     * Imager, base and extensions, with the digests of the lock and of Talos' catalogue. Reports everything that is
     * wrong.
     */
    public ImageSet<ImagePlace> of(ImagesInputs inputs, BuildContext context, String unit) throws Exception {
        List<Problem> problems = new ArrayList<>();
        ImageSet<ImagePlace> pinned = inputs.images()
                .map(place -> place instanceof ImagePlace.InRegistry(ImageReference image)
                        ? new ImagePlace.InRegistry(locked(image, context, unit, problems))
                        : place);
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        ExtensionCatalog catalogue = null;
        List<ImagePlace> official = new ArrayList<>();
        for (ImagePlace place : pinned.official()) {
            if (place instanceof ImagePlace.InRegistry(ImageReference image) && ExtensionCatalog.isName(image)) {
                catalogue = catalogue == null
                        ? CatalogImage.of(context, unit, inputs.version().text())
                        : catalogue;
                official.add(found(image, catalogue, problems));
            } else {
                official.add(place);
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return new ImageSet<>(pinned.imager(), pinned.base(), official, pinned.custom());
    }

    /** The images that an extension is made of; each must have a digest, its own or one in the lock. */
    public List<ImagePlace> ofSources(List<ImagePlace> places, BuildContext context, String unit) {
        List<ImagePlace> pinned = new ArrayList<>(places);
        List<Problem> problems = new ArrayList<>();
        pinned.replaceAll(place -> {
            if (!(place instanceof ImagePlace.InRegistry(ImageReference image))) {
                return place;
            }
            int before = problems.size();
            ImageReference locked = locked(image, context, unit, problems);
            if (locked.digest() == null && problems.size() == before) {
                problems.add(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use " + image)
                        .because(
                                lock == null
                                        ? "it has no digest"
                                        : "it has no digest, and the lock %s has none for it".formatted(file))
                        .trying(new Remedy.Text("add its digest, NAME:TAG@sha256:…")
                                .or(Remedy.sentence("run: ", Remedy.command(Verb.LOCK)))));
            }
            return new ImagePlace.InRegistry(locked);
        });
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return pinned;
    }

    private static ImagePlace found(ImageReference name, ExtensionCatalog catalogue, List<Problem> problems) {
        try {
            return new ImagePlace.InRegistry(catalogue.find(name));
        } catch (BuildException e) {
            problems.addAll(e.problems());
            return new ImagePlace.InRegistry(name);
        }
    }

    private ImageReference locked(ImageReference image, BuildContext context, String unit, List<Problem> problems) {
        LockKey key = lock == null ? null : own.behind(image);
        if (lock == null || key == null) {
            return image;
        }
        return switch (lock.find(key)) {
            case Match.Same(Pin pin) -> pin.image();
            case Match.Other(Pin pin) -> {
                problems.add(contradiction(image, pin));
                yield image;
            }
            case Match.Missing _ -> {
                missing(key, context, unit, problems);
                yield image;
            }
        };
    }

    private Problem contradiction(ImageReference image, Pin pin) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use " + image)
                .because("the lock %s has %s for it".formatted(file, pin.digest()))
                .trying(Remedy.sentence(
                        "write that digest, or put the tree's into the lock: ", Remedy.command(Verb.LOCK)));
    }

    private void missing(LockKey key, BuildContext context, String unit, List<Problem> problems) {
        if (required) {
            problems.add(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use " + key.written())
                    .because("it is not in the lock %s for %s, but %s requires it"
                            .formatted(file, key.release(), wording.of(RunOption.LOCKED)))
                    .trying(Remedy.sentence("run: ", Remedy.command(Verb.LOCK))));
        } else {
            context.events()
                    .warning(
                            unit,
                            "%s is not in the lock %s for %s".formatted(key.written(), file, key.release()),
                            Remedy.sentence("add it with: ", Remedy.command(Verb.LOCK)));
        }
    }

    /**
     * Whether every image that installer and ISO are made of has a digest, there or in the lock. What an extension is
     * made of needs one anyway.
     */
    public boolean pinAll(Unit unit, SortedMap<String, Value> overrides) {
        if (!StageModule.IMAGES.is(unit.module())) {
            return false;
        }
        List<UnitReferences.Use> uses = UnitReferences.of(unit, overrides).uses();
        return lock != null
                && !uses.isEmpty()
                && uses.stream().map(UnitReferences.Use::key).allMatch(this::isPinned);
    }

    private boolean isPinned(LockKey key) {
        return key.image().digest() != null
                || (lock != null && own.behind(key.image()) != null && lock.find(key) instanceof Match.Same);
    }

    /** What of a plan comes from the lock. */
    public List<StagePlan.Line> lines() {
        List<StagePlan.Line> lines = new ArrayList<>();
        if (lock != null) {
            for (UnitReferences.Use use : own.uses()) {
                if (lock.find(use.key()) instanceof Match.Same(Pin pin)) {
                    lines.add(new StagePlan.Line(
                            "from " + file.getFileName(), use.key().written() + " = " + pin.digest()));
                }
            }
        }
        return lines;
    }
}
