package dev.talosforge.pipeline;

import dev.talosforge.extension.Source;
import dev.talosforge.oci.ImagePlace;
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
final class ExtensionImages {
    private final SequencedMap<Architecture, Map<ImagePlace, FoundImage>> found;

    private ExtensionImages(SequencedMap<Architecture, Map<ImagePlace, FoundImage>> found) {
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

    /** Finds all of them; every problem of every one is told at once. */
    static ExtensionImages resolve(Workshop workshop, String unit, ExtensionInputs inputs, Pins pins) throws Exception {
        List<ImagePlace> places = places(inputs.sources());
        List<ImagePlace> asked = pins.ofSources(places, workshop, unit);
        SequencedMap<Architecture, Map<ImagePlace, FoundImage>> found = new LinkedHashMap<>();
        for (Architecture architecture : inputs.architectures()) {
            PulledImages images = images(workshop, unit, inputs, architecture);
            List<FoundImage> resolved = places.isEmpty() ? List.of() : images.resolve(asked);
            Map<ImagePlace, FoundImage> byPlace = new HashMap<>(); // looked up only, never walked
            List<ImagePlace> same = new ArrayList<>();
            for (int i = 0; i < resolved.size(); i++) {
                byPlace.put(places.get(i), resolved.get(i));
                same.add(FoundImage.again(asked.get(i), resolved.get(i)));
            }
            found.put(architecture, byPlace);
            asked = same;
        }
        return new ExtensionImages(found);
    }

    static PulledImages images(Workshop workshop, String unit, ExtensionInputs inputs, Architecture architecture) {
        return new PulledImages(
                workshop, unit, architecture, inputs.architectures().size() > 1);
    }

    FoundImage of(Architecture architecture, ImagePlace place) {
        Map<ImagePlace, FoundImage> byPlace = Objects.requireNonNull(found.get(architecture), architecture::label);
        return Objects.requireNonNull(byPlace.get(place), place::toString);
    }
}
