package dev.talosforge.pipeline.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One unit, whoever runs it and wherever the repository is. */
class UnitIdentityTest {
    private static final String CACHE = ".terragrunt-cache/9sN_x/Zp-1/modules/talos_images";

    @TempDir
    Path folder = Path.of("");

    private Path repository(String name) throws IOException {
        Path repository = folder.resolve(name);
        Files.createDirectories(repository.resolve(".git"));
        return repository;
    }

    /** As a module runs the stage; null for the module's own name. */
    private static @Nullable String given(Path directory, @Nullable String name) {
        UnitIdentity identity = UnitIdentity.of(
                Unit.given(directory, name == null ? "talos_images" : name, "talos_images", new TreeMap<>()));
        return identity == null ? null : identity.toString();
    }

    @Test
    void theRunnerAndTheModuleInTerragruntsCacheMeanTheSame() throws IOException {
        Path unit = Files.createDirectories(repository("one").resolve("live/prod/images"));
        Files.writeString(
                unit.resolve("terragrunt.hcl"), "terraform { source = \"../../../modules//talos_images\" }\n");
        UnitIdentity run = UnitIdentity.of(
                Workspace.open(folder, EvaluationSettings.validating(Map.of())).evaluate(unit));
        assertEquals("live/prod/images", String.valueOf(run));
        Files.createDirectories(unit.resolve(CACHE).resolveSibling(".git")); // as a source from git has it
        assertEquals("live/prod/images", given(unit.resolve(CACHE), null));
        assertEquals("live/prod/images", given(unit, null), "var.folder");
        assertEquals("live/prod/images", given(repository("two").resolve("live/prod/images"), null), "not on disk");
        assertEquals("live/prod/images#other", given(unit.resolve(CACHE), "other"));
    }

    @Test
    void linksAndWorktreesOfARepositoryMakeNoDifference() throws IOException {
        Path unit = Files.createDirectories(repository("one").resolve("live/images"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), unit);
        assertEquals("live/images", given(link, null));
        assertEquals("live/images", given(link.resolve(CACHE), null));
        Path worktree = Files.createDirectories(folder.resolve("worktree/live/images"));
        Files.writeString(folder.resolve("worktree/.git"), "gitdir: elsewhere\n");
        assertEquals("live/images", given(worktree, null));
        assertEquals(".", given(folder.resolve("worktree"), null));
    }

    @Test
    void withoutARepositoryOnlyTheLastFolderIsKnown() {
        assertEquals("*/images", given(folder.resolve("secret/customer/images"), null));
        assertEquals("*/images#a/b", given(folder.resolve("images"), "a/b"));
        assertEquals(".", given(folder.getRoot(), null));
    }

    /** Terragrunt's cache in another place names the module, which any other unit has, too. */
    @Test
    void aFolderOfTheModuleDeterminesNoUnit() throws IOException {
        assertNull(given(folder.resolve("cache/9sN_x/Zp-1/talos_images"), null));
        assertNull(given(repository("clone").resolve("modules/talos_images"), null));
        assertEquals("*/talos_images#prod", given(folder.resolve("cache/9sN_x/Zp-1/talos_images"), "prod"));
        assertEquals("*/talos_images", given(folder.resolve("talos_images").resolve(CACHE), null));
    }

    private static UnitIdentity parsed(String text) {
        UnitIdentity identity = UnitIdentity.parse(text);
        assertNotNull(identity, text);
        assertEquals(text, identity.toString());
        return identity;
    }

    private static void assertSame(boolean same, String one, String other) {
        assertEquals(same, parsed(one).isSame(parsed(other)), one + " " + other);
        assertEquals(same, parsed(other).isSame(parsed(one)), other + " " + one);
    }

    @Test
    void onlyWholeFoldersAtTheEndAreCompared() {
        assertSame(true, "live/prod/images", "live/prod/images");
        assertSame(true, "live/prod/images", "*/images");
        assertSame(true, "images", "*/images");
        assertSame(true, "*/images", "*/images");
        assertSame(false, "live/prod/images", "images");
        assertSame(false, "live/prod/images", "prod/images");
        assertSame(false, "live/prod/images", "*/mages");
        assertSame(false, "live/prod/images", "live/test/images");
        assertSame(false, "live/prod/images", "live/prod");
        assertSame(true, "live/prod/images#a", "*/images#a");
        assertSame(false, "live/prod/images#a", "*/images#b");
        assertSame(false, "live/prod/images#a", "*/images");
        assertSame(false, "live#x/images", "*/images");
        assertSame(true, ".", ".");
        assertSame(false, ".", "images");
    }

    /** A record in a registry may be anybody's. */
    @Test
    void whatIsNoIdentityIsRefused() throws IOException {
        for (String text : new String[] {"", "#a", "a\nb", "a\u001b[2J", "x".repeat(1025), "a\udcc3"}) {
            assertNull(UnitIdentity.parse(text), text);
        }
        String odd = given(Files.createDirectories(repository("one").resolve("a#b/c d")), "e#f");
        assertEquals("a%23b/c d#e#f", odd);
        assertEquals(new UnitIdentity("a%23b/c d", "e#f"), parsed(String.valueOf(odd)));
        assertFalse(parsed("a").isSame(parsed("b")));
        assertTrue(parsed("ä/ö").isSame(parsed("*/ö")));
    }
}
