package dev.talosforge.state;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CopiedFile;
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
        Path kept = keptAs(from);
        try (StateLock _ = StateLock.take(from, holder)) {
            StateFile old = StateFile.at(from);
            if (!old.isOlderThan(StateFile.at(to))) {
                Files.createDirectories(to.getParent());
                old.mirror(StateFile.at(to));
                Path record = sibling(from, beside);
                if (Files.exists(record)) {
                    CopiedFile.write(ByteSource.of(record), sibling(to, beside), CopiedFile.Progress.none());
                }
            }
            Files.deleteIfExists(sibling(from, beside));
            Files.move(from, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        return new MovedState(from, to, kept);
    }

    /** Where the old state stays: hidden, so that Terragrunt does not copy it. */
    public static Path keptAs(Path state) {
        return state.resolveSibling("." + state.getFileName() + ".moved");
    }

    private static Path sibling(Path state, String end) {
        return state.resolveSibling(state.getFileName() + end);
    }
}
