package dev.talosforge.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A state that went to another place with what is recorded beside it.
 *
 * @param kept a hidden file beside the old place, with what was there
 */
public record MovedState(Path from, Path to, Path kept) {
    /**
     * Moves it. If the other place has a later state, that one stays.
     *
     * @param beside the end of the name of a file that belongs to the state
     */
    public static MovedState of(Path from, Path to, String beside, StateLock.Holder holder) throws IOException {
        Path kept = from.resolveSibling("." + from.getFileName() + ".moved");
        try (StateLock _ = StateLock.take(from, holder)) {
            StateFile old = StateFile.at(from);
            if (!old.isOlderThan(StateFile.at(to))) {
                Files.createDirectories(to.getParent());
                old.mirror(StateFile.at(to));
                Path record = sibling(from, beside);
                if (Files.exists(record)) {
                    Files.copy(record, sibling(to, beside), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.deleteIfExists(sibling(from, beside));
            Files.move(from, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        return new MovedState(from, to, kept);
    }

    private static Path sibling(Path state, String end) {
        return state.resolveSibling(state.getFileName() + end);
    }
}
