package dev.talosforge.engine;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What other packages put into a store.
 *
 * @param kept names of partial blobs beside the blobs, for others to continue; the first group is the blob's digest
 * @param own names of files beside the blobs that are useful only to the process that made them
 * @param folders additional folders, which are counted and left alone
 */
public record StoreGuests(Pattern kept, Pattern own, List<String> folders) {
    public StoreGuests {
        folders = List.copyOf(folders);
    }
}
