package dev.talosforge.pipeline.inputs;

import dev.talosforge.bytes.DiskName;
import dev.talosforge.bytes.NameBytes;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.state.TerragruntCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which unit it is, on every machine and however it is run: {@code live/prod/images}, or {@code live/prod#images} if a
 * caller gave it a name. It contains nothing outside the repository.
 *
 * @param folder from the root of the repository, with slashes, and {@code .} for the root itself; only the last name
 *     behind an asterisk if there is no repository
 * @param name that a caller gave it; empty for none
 */
public record UnitIdentity(String folder, String name) {
    private static final int MAX_LENGTH = 1024;
    private static final String MARK = "#";
    private static final String MASKED = "%23";

    /** In place of the folders that are not known. */
    private static final String SOMEWHERE = "*/";

    /**
     * The identity of a unit; null if its folder does not determine one. Terragrunt may be told to keep its cache
     * elsewhere: there, each copy of a module is in a folder of the module's name, whichever unit it is for.
     */
    public static @Nullable UnitIdentity of(Unit unit) {
        Path directory = unit.directory().toAbsolutePath().normalize();
        Path folder = TerragruntCache.unitFolder(directory);
        String name = unit.given() && !unit.name().equals(unit.module()) ? unit.name() : "";
        String place = place(folder);
        String last = place.substring(place.lastIndexOf('/') + 1);
        boolean ofModule = unit.given() && name.isEmpty() && folder.equals(directory) && last.equals(unit.module());
        return ofModule ? null : parse(place.replace(MARK, MASKED) + (name.isEmpty() ? "" : MARK + name));
    }

    /** Reads what {@link #toString} wrote; null if it is none. */
    public static @Nullable UnitIdentity parse(String text) {
        int mark = text.indexOf(MARK);
        String folder = mark < 0 ? text : text.substring(0, mark);
        boolean usable = !folder.isEmpty()
                && text.length() <= MAX_LENGTH
                && NameBytes.isText(text)
                && text.chars().noneMatch(Character::isISOControl);
        return usable ? new UnitIdentity(folder, mark < 0 ? "" : text.substring(mark + 1)) : null;
    }

    /** Whether both mean one unit. On a machine without the repository, only the last part of the folder is known. */
    public boolean isSame(UnitIdentity other) {
        return name.equals(other.name)
                && (folder.equals(other.folder) || isEnd(folder, other.folder) || isEnd(other.folder, folder));
    }

    private static boolean isEnd(String folder, String end) {
        return end.startsWith(SOMEWHERE) && ("/" + folder).endsWith(end.substring(SOMEWHERE.length() - 1));
    }

    private static String place(Path folder) {
        Path real = real(folder);
        Path root = Workspace.repositoryRoot(real);
        Path from = root == null ? real.getParent() : root;
        String place = from == null ? "" : DiskName.of(from, real).replace('\\', '/');
        return place.isEmpty() ? "." : root == null ? SOMEWHERE + place : place;
    }

    /** Without links, as far as the folder exists. */
    private static Path real(Path folder) {
        Path parent = folder.getParent();
        try {
            if (Files.exists(folder)) {
                return folder.toRealPath();
            }
        } catch (IOException e) {
            return folder;
        }
        return parent == null ? folder : real(parent).resolve(folder.getFileName());
    }

    /** For people: as far as the place is known. */
    public String shown() {
        String text = toString();
        return text.startsWith(SOMEWHERE) ? text.substring(SOMEWHERE.length()) : text;
    }

    @Override
    public String toString() {
        return name.isEmpty() ? folder : folder + MARK + name;
    }
}
