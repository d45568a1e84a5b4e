package dev.talosforge.pipeline.inputs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The images that installer and ISO are made of, in any form.
 *
 * @param imager holds kernel, initramfs, boot loader and GRUB
 * @param base first layers of the installer
 * @param official extensions of Talos' catalogue, in the order of the unit
 * @param custom custom extensions, in the order of the unit
 */
public record ImageSet<I>(I imager, I base, List<I> official, List<I> custom) {
    public ImageSet {
        official = List.copyOf(official);
        custom = List.copyOf(custom);
    }

    /** Official ones, then custom ones: the order in which they are layered. */
    public List<I> extensions() {
        List<I> all = new ArrayList<>(official);
        all.addAll(custom);
        return all;
    }

    /** In the order imager, base, official, custom. */
    public List<I> all() {
        List<I> all = new ArrayList<>(List.of(imager));
        all.addAll(ofArchitecture());
        return all;
    }

    /** The same images in another form: {@code others} are as {@link #all} has them. */
    public <J> ImageSet<J> as(List<J> others) {
        return as(others.getFirst(), others.subList(1, others.size()));
    }

    /** The images that exist for each architecture: all except the imager, which has the files of all of them. */
    public List<I> ofArchitecture() {
        List<I> all = new ArrayList<>(List.of(base));
        all.addAll(extensions());
        return all;
    }

    /** The same images in another form, each at its place: {@code others} are as {@link #ofArchitecture} has them. */
    public <J> ImageSet<J> as(J otherImager, List<J> others) {
        if (others.size() != 1 + official.size() + custom.size()) {
            throw new IllegalArgumentException(
                    "%d images in the place of %d".formatted(others.size(), 1 + official.size() + custom.size()));
        }
        int customBegin = 1 + official.size();
        return new ImageSet<>(
                otherImager,
                others.getFirst(),
                others.subList(1, customBegin),
                others.subList(customBegin, others.size()));
    }

    /** Each changed, in the order imager, base, official, custom. */
    public ImageSet<I> map(UnaryOperator<I> change) {
        return as(all().stream().map(change).toList());
    }

    /** Combines each image with its counterpart, without the imagers. */
    public <J, K> List<K> paired(ImageSet<J> other, BiFunction<I, J, K> pair) {
        List<I> ours = ofArchitecture();
        List<J> theirs = other.ofArchitecture();
        List<K> pairs = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            pairs.add(pair.apply(ours.get(i), theirs.get(i)));
        }
        return pairs;
    }
}
