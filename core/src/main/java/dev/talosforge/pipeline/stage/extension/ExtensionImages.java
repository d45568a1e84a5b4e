package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.extension.Source;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.talos.Architecture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** The images that an extension is made of, found, for each architecture. */
public final class ExtensionImages {
    private final SequencedMap<Architecture, Map<ImagePlace, ResolvedImage>> found;

    private ExtensionImages(SequencedMap<Architecture, Map<ImagePlace, ResolvedImage>> found) {
        this.found = Collections.unmodifiableSequencedMap(found);
    }

    /** The places of the images that sources name, each once. */
    static List<ImagePlace> places(List<Source.Item> sources) {
        List<ImagePlace> places = new ArrayList<>();
        for (Source.Item item : sources) {
            switch (item.source()) {
                case Source.Image image -> places.add(image.place());
                case Source.Build build -> places.addAll(places(build.sources()));
                case Source.Packages _, Source.Folder _, Source.Texts _, Source.Archive _, Source.Download _ -> {}
            }
        }
        return places.stream().distinct().toList();
    }

    /** Finds all of them; reports all problems of all of them at once. */
    static ExtensionImages resolve(BuildContext context, String unit, ExtensionInputs inputs, UnitPins pins)
            throws Exception {
        List<ImagePlace> places = places(inputs.sources());
        List<ImagePlace> requested = pins.ofSources(places, context, unit);
        SequencedMap<Architecture, Map<ImagePlace, ResolvedImage>> found = new LinkedHashMap<>();
        for (Architecture architecture : inputs.architectures()) {
            ImageStore images = images(context, unit, inputs, architecture);
            List<ResolvedImage> resolved = places.isEmpty() ? List.of() : images.resolve(requested);
            Map<ImagePlace, ResolvedImage> byPlace = new HashMap<>(); // looked up only, never walked
            List<ImagePlace> same = new ArrayList<>();
            for (int i = 0; i < resolved.size(); i++) {
                byPlace.put(places.get(i), resolved.get(i));
                same.add(ResolvedImage.again(requested.get(i), resolved.get(i)));
            }
            found.put(architecture, byPlace);
            requested = same;
        }
        return new ExtensionImages(found);
    }

    static ImageStore images(BuildContext context, String unit, ExtensionInputs inputs, Architecture architecture) {
        return new ImageStore(
                context, unit, architecture, inputs.architectures().size() > 1);
    }

    ResolvedImage of(Architecture architecture, ImagePlace place) {
        Map<ImagePlace, ResolvedImage> byPlace = Objects.requireNonNull(found.get(architecture), architecture::label);
        return Objects.requireNonNull(byPlace.get(place), place::toString);
    }
}
