package dev.talosforge.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemedyTextTest {
    private static String message(Remedy... remedies) {
        return String.join("\n", Arrays.stream(remedies).map(RemedyText::of).toList());
    }

    @Test
    void commandsAreTypedAsTheirHelpSays() {
        assertEquals(
                """
                talos-forge lock
                talos-forge -C DIR …
                talos-forge -C DIR doctor vm
                talos-forge run-all plan
                talos-forge -C live/a apply --no-hooks
                talos-forge --workspace dev output
                talos-forge lock --update ghcr.io/acme/x:v1
                talos-forge verify --installer REFERENCE --iso FILE
                talos-forge output talos_image_id
                talos-forge boot --uefi
                talos-forge prune --delete""",
                message(
                        Remedy.command(Verb.LOCK),
                        Remedy.command(Verb.SAME).in("DIR"),
                        Remedy.command(Verb.DOCTOR_VM).in("DIR"),
                        Remedy.command(Verb.PLAN).ofAll(),
                        Remedy.command(Verb.APPLY).in("live/a").with(RunOption.NO_HOOKS),
                        Remedy.command(Verb.OUTPUT).with(RunOption.WORKSPACE, "dev"),
                        Remedy.command(Verb.LOCK).with(RunOption.UPDATE, "ghcr.io/acme/x:v1"),
                        Remedy.command(Verb.VERIFY)
                                .with(RunOption.INSTALLER, "REFERENCE")
                                .with(RunOption.ISO, "FILE"),
                        Remedy.command(Verb.OUTPUT, "talos_image_id"),
                        Remedy.command(Verb.BOOT).with(RunOption.UEFI),
                        Remedy.command(Verb.PRUNE).with(RunOption.DELETE)));
    }

    /** What a shell would take apart stands in quotes. */
    @Test
    void foldersAndValuesAreOneWord() {
        assertEquals(
                """
                talos-forge -C '/home/a b/live' apply
                talos-forge -C '/home/it'\\''s' apply
                --var 'iso_name=["…"]'
                export TALOS_FORGE_STORE=/var/tmp""",
                message(
                        Remedy.command(Verb.APPLY).in("/home/a b/live"),
                        Remedy.command(Verb.APPLY).in("/home/it's"),
                        Remedy.give(RunOption.VARIABLE, "iso_name=[\"…\"]"),
                        new Remedy.Export("TALOS_FORGE_STORE", "/var/tmp")));
    }

    @Test
    void optionsPackagesAndLines() {
        assertEquals(
                """
                --locked
                --store DIR
                specify another one with --dir
                allow more: TALOS_FORGE_HEAP=2g talos-forge …
                allow a deeper stack: TALOS_FORGE_JAVA_OPTS=-Xss16m talos-forge …
                apt-get install ovmf
                TF_VAR_iso_name
                write into remote_state: path = "x\"""",
                message(
                        Remedy.give(RunOption.LOCKED),
                        Remedy.give(RunOption.STORE, "DIR"),
                        Remedy.sentence("specify another one with ", Remedy.give(RunOption.TARGET)),
                        Remedy.sentence("allow more: ", Remedy.give(RunOption.HEAP, "2g")),
                        Remedy.sentence("allow a deeper stack: ", Remedy.give(RunOption.STACK, "16m")),
                        new Remedy.Install("ovmf"),
                        new Remedy.Export("TF_VAR_iso_name", null),
                        new Remedy.Write("remote_state", "path = \"x\"")));
    }

    /** Every option of a run is one of the program's: what cannot be typed helps nobody. */
    @Test
    void everyOptionIsNamed() {
        assertEquals(
                List.of(
                        "--store",
                        "--workspace",
                        "--var",
                        "--fresh",
                        "--no-push",
                        "--no-hooks",
                        "--overwrite-tag",
                        "--locked",
                        "--strict",
                        "--run-programs",
                        "--update",
                        "--installer",
                        "--iso",
                        "--delete",
                        "--json",
                        "--uefi",
                        "--dir"),
                Arrays.stream(RunOption.values())
                        .filter(option -> option != RunOption.HEAP && option != RunOption.STACK)
                        .map(Remedy::give)
                        .map(RemedyText::of)
                        .toList());
    }
}
