package dev.talosforge.pipeline.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.debian.Apt;
import dev.talosforge.engine.Event;
import dev.talosforge.extension.Sandbox;
import dev.talosforge.pipeline.Forge;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.testkit.RequiredTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether builds can be run is told before anything is built, and only where something is. */
@Tag("reference")
class SandboxNeedTest {
    private static final Problem MISSING = Problem.failed(Problem.Kind.ENVIRONMENT, "cannot run builds")
            .because("cannot start /nowhere/bwrap, which isolates builds from the machine")
            .trying(new Remedy.Install("bubblewrap"));

    @TempDir
    private Path tree;

    @TempDir
    private Path work;

    @BeforeEach
    void units() throws Exception {
        unit("built", "{ build = { debian_packages = [\"gcc\"], command = \"true\" } }");
        unit("texts", "{ files = { \"etc/file\" = \"text\" } }");
    }

    private void unit(String name, String source) throws Exception {
        Path unit = Files.createDirectories(tree.resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_extension" }
                inputs = {
                  name               = "hello"
                  version            = "v1.0.0"
                  extension_registry = "oci:image"
                  container          = "hello"
                  sources            = [%s]
                }
                """.formatted(source));
    }

    private BuildContext context(Sandbox sandbox) throws Exception {
        return context(sandbox, "apt-get");
    }

    private BuildContext context(Sandbox sandbox, String apt) throws Exception {
        List<Event> events = new ArrayList<>();
        BuildContext usual = ContextSample.in(work, events);
        return new BuildContext(
                usual.steps(),
                usual.registries(),
                usual.proxmox(),
                usual.workers(),
                new Apt(work.resolve("debian"), Path.of("/etc"), apt),
                usual.downloads(),
                usual.sourceDate(),
                usual.push(),
                usual.overwriteTags(),
                sandbox);
    }

    private static RunSettings settings() {
        return RunSettings.plain(Map.of(), InstantSource.fixed(Instant.EPOCH));
    }

    private static Sandbox missing() {
        return new Sandbox("/nowhere/bwrap", Path.of("/nowhere"));
    }

    @Test
    void isReportedBeforeAnythingIsBuilt() throws Exception {
        Forge forge = new Forge(context(missing()), settings());
        List<List<Problem>> expected = List.of(List.of(MISSING), List.of());
        assertEquals(
                expected,
                forge.validate(tree, RunQueue.all(1)).stream()
                        .map(one -> one.result().problems())
                        .toList());
        assertEquals(
                expected,
                forge.planAll(tree, RunQueue.all(1)).stream()
                        .map(one -> one.result().problems())
                        .toList());
    }

    @Test
    void theDoctorLooksAtItWhereSomethingIsBuilt() throws Exception {
        assertEquals(
                List.of(Diagnosis.wrong("sandbox", MISSING)),
                sandbox(new Doctor(context(missing()), settings()).tree(tree)));
        assertEquals(List.of(), sandbox(new Doctor(context(missing()), settings()).tree(tree.resolve("texts"))));
        RequiredTool.named("bwrap", "bubblewrap");
        assertEquals(
                List.of(Diagnosis.ok("sandbox", "bwrap can isolate builds from this machine, for built")),
                sandbox(new Doctor(context(new Sandbox()), settings()).tree(tree)));
    }

    private static List<Diagnosis> sandbox(List<Diagnosis> findings) {
        return about("sandbox", findings);
    }

    private static List<Diagnosis> about(String subject, List<Diagnosis> findings) {
        return findings.stream()
                .filter(finding -> finding.subject().equals(subject))
                .toList();
    }

    /** Tools of a build are packages, too. */
    @Test
    void theDoctorLooksForAptWhereAUnitHasPackages() throws Exception {
        unit("packaged", "{ debian_packages = [\"busybox-static\"] }");
        Problem missing = Problem.failed(Problem.Kind.ENVIRONMENT, "cannot read the package lists")
                .because("/nowhere/apt-get cannot be started")
                .trying("run it on Debian 12 or newer, or in such a container, with Debian's archive in apt's sources");
        String subject = "Debian packages";
        assertEquals(
                List.of(Diagnosis.wrong(subject, missing)),
                about(subject, new Doctor(context(missing(), "/nowhere/apt-get"), settings()).tree(tree)));
        assertEquals(
                List.of(Diagnosis.ok(subject, "apt-get is installed and has Debian's archive, for built, packaged")),
                about(subject, new Doctor(context(missing()), settings()).tree(tree)));
        assertEquals(List.of(), about(subject, new Doctor(context(missing()), settings()).tree(tree.resolve("texts"))));
        Path none = java.nio.file.Files.createDirectories(work.resolve("etc"));
        Files.writeString(none.resolve("os-release"), "VERSION_CODENAME=noble\n");
        assertEquals(
                "%s has no source of Debian packages for this machine's release, noble".formatted(none.resolve("apt")),
                java.util.Objects.requireNonNull(new Apt(work.resolve("other"), none).problem())
                        .why());
    }
}
