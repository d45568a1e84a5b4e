package dev.talosforge.engine;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What others put into a store.
 *
 * @param kept names of files beside the blobs, of which somebody has a part and goes on with it; the first group is the
 *     blob's digest
 * @param own names of files beside the blobs, of use to nobody but the process that made them
 * @param folders beside the store's own, which are counted and left alone
 */
public record StoreGuests(Pattern kept, Pattern own, List<String> folders) {
    public StoreGuests {
        folders = List.copyOf(folders);
    }
}
