package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.cli.command.tree.TreeCommands;
import dev.talosforge.cli.text.JsonEvents;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.cli.text.ResultText;
import dev.talosforge.cli.text.StoreText;
import dev.talosforge.engine.Event;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.inspect.Difference;
import dev.talosforge.inspect.Kind;
import dev.talosforge.inspect.Proof;
import dev.talosforge.inspect.Report;
import dev.talosforge.inspect.ReportJson;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.apply.ValidatedUnit;
import dev.talosforge.pipeline.doctor.Diagnosis;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.lint.LintRule;
import dev.talosforge.pipeline.lock.LockResult;
import dev.talosforge.pipeline.prune.PruneResult;
import dev.talosforge.pipeline.run.ConsumerStatus;
import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.pipeline.run.Timing;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Where;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.provenance.StagePlan.Basis;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The members that docs/cli.md lists are those that are printed with {@code --json}, command by command. */
class JsonDocumentTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_764_000_000);
    private static final Sha256 DIGEST = Sha256.of(new byte[0]);
    private static final Where.Source PLACE = new Where.Source(Path.of("/tree/a/terragrunt.hcl"), 3, 5, 1, "a = 1");
    private static final Problem PROBLEM = Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use a")
            .because("it is broken")
            .at(PLACE)
            .trying("mend it");
    private static final LintFinding FINDING =
            new LintFinding(LintRule.FLOATING_TAG, "a", "the tag moves", PLACE, "it is latest", "give a version");

    @TempDir
    Path folder = Path.of("");

    private static SequencedMap<String, Json> values() {
        return new LinkedHashMap<>(new TreeMap<>(java.util.Map.of("name", Json.of("value"))));
    }

    private static UnitResult result(
            String unit, Ending ending, @Nullable String because, @Nullable Throwable bug, @Nullable Timing timing) {
        return new UnitResult(unit, "talos_images", ending, values(), List.of(PROBLEM), because, bug, timing);
    }

    private static UnitView view(@Nullable ConsumerStatus status) {
        UnitView.Need need = new UnitView.Need(
                "b", UnitView.Need.Outputs.MISSING, values(), new Remedy.Text("run: talos-forge apply"));
        JsonObject inputs = new JsonObject(values());
        return new UnitView("a", "talos_images", true, List.of(need), List.of("note"), inputs, status);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void names(DocumentedJson document, Enum<?>... values) {
        for (Enum<?> value : values) {
            document.names(word(value));
        }
    }

    @Test
    void problems() throws IOException {
        DocumentedJson document = DocumentedJson.under("### Problem");
        document.isWhatIsPrinted(
                RunReport.json(PROBLEM, RemedyText::of),
                RunReport.json(
                        Problem.failed(Problem.Kind.REFUSED, "what")
                                .because("why")
                                .at(new Where.Setting(new Remedy.Text("--var a"))),
                        RemedyText::of),
                RunReport.json(
                        Problem.failed(Problem.Kind.INVALID_INPUT, "what")
                                .because("why")
                                .at(new Where.Input("a")),
                        RemedyText::of));
        names(document, Problem.Kind.values());
    }

    @Test
    void findings() throws IOException {
        LintFinding outside = new LintFinding(LintRule.FLOATING_TAG, "a", "what", null, "why", null);
        DocumentedJson.under("### Finding").isWhatIsPrinted(FINDING.toJson(), outside.toJson());
    }

    @Test
    void validate() throws IOException {
        DocumentedJson document = DocumentedJson.under("### `validate`");
        document.isWhatIsPrinted(
                TreeCommands.Validate.json(validated(
                        view(new ConsumerStatus.NeverApplied()), Ending.EXCLUDED, "the unit excludes itself")),
                TreeCommands.Validate.json(validated(null, Ending.FAILED, null)));
        for (Ending ending : List.of(Ending.VALID, Ending.NOT_MANAGED, Ending.EXCLUDED, Ending.FAILED)) {
            document.names(ending.word());
        }
    }

    private static ValidatedUnit validated(@Nullable UnitView view, Ending ending, @Nullable String because) {
        return new ValidatedUnit(result("a", ending, because, null, null), List.of(FINDING), view);
    }

    @Test
    void graph() throws IOException {
        DocumentedJson document = DocumentedJson.under("### `graph`");
        document.isWhatIsPrinted(
                view(null).toJson(RemedyText::of),
                view(new ConsumerStatus.Current(TIME))
                        .withProblems(List.of(PROBLEM))
                        .toJson(RemedyText::of),
                view(new ConsumerStatus.Older(TIME, List.of(new ConsumerStatus.Newer("b", TIME))))
                        .toJson(RemedyText::of),
                view(new ConsumerStatus.Unknown("its state is kept in s3")).toJson(RemedyText::of),
                view(new ConsumerStatus.NeverApplied()).toJson(RemedyText::of));
        names(document, UnitView.Need.Outputs.values());
    }

    @Test
    void plan() throws IOException {
        StagePlan.Change change = new StagePlan.Change(
                StagePlan.Kind.CHANGED, StagePlan.Reason.CONTENT, "content", "before", "after", "text");
        StagePlan plan = new StagePlan(
                "a", "stage", List.of(new StagePlan.Line("name", "value")), List.of(change), Basis.LAST_APPLY);
        DocumentedJson document = DocumentedJson.under("### `plan`");
        document.isWhatIsPrinted(plan.toJson());
        names(document, StagePlan.Kind.values());
        names(document, StagePlan.Reason.values());
        names(document, Basis.values());
    }

    @Test
    void applied() throws IOException {
        DocumentedJson document = DocumentedJson.under("### `apply`");
        UnitResult built = result("a", Ending.BUILT, "--no-push", null, null);
        UnitResult more = new UnitResult(
                built.unit(),
                built.module(),
                built.ending(),
                built.outputs(),
                built.problems(),
                built.because(),
                null,
                null,
                List.of(FINDING));
        document.isWhatIsPrinted(ResultText.json(result("a", Ending.APPLIED, null, null, null)), ResultText.json(more));
        DocumentedJson report = DocumentedJson.under("### Report");
        for (Ending ending : Ending.values()) {
            (ending == Ending.PLANNED || ending == Ending.VALID ? report : document).names(ending.word());
        }
    }

    @Test
    void report() throws IOException {
        Timing timing = new Timing(TIME, Duration.ofMillis(1));
        DocumentedJson.under("### Report")
                .isWhatIsPrinted(new RunReport(
                                "apply",
                                "/tree",
                                List.of(
                                        result("a", Ending.FAILED, null, new IllegalStateException("bug"), timing),
                                        result("b", Ending.SKIPPED, "a failed", null, null)),
                                RemedyText::of)
                        .toJson());
    }

    @Test
    void inspect() throws IOException {
        Report.ServiceFacts service =
                new Report.ServiceFacts("frr", "/frr", List.of("network"), "always", "usr/local/etc/frr.yaml");
        Report report = new Report(
                "iso",
                Kind.ISO,
                DIGEST,
                1,
                new Report.Identity("v1.11.5", "metal", "amd64", "6.12"),
                new LinkedHashMap<>(new TreeMap<>(java.util.Map.of("volume", "TALOS"))),
                List.of(new Report.CommandLine("UKI", "quiet")),
                List.of(new Report.ExtensionFacts("0.sqsh", "a", "1", "", "", "", 1, DIGEST, List.of(service))),
                List.of(new Report.Section(".cmdline", 1, DIGEST, "quiet")),
                List.of(new Report.BootEntry("BIOS", "GRUB", "Talos", "vmlinuz")),
                List.of(new Report.Listing(
                        "ISO", List.of(new Report.FileFacts("a", "file", 0644, 0, 0, 1, DIGEST, null)))),
                List.of("note"));
        DocumentedJson document = DocumentedJson.under("### `inspect`");
        document.isWhatIsPrinted(ReportJson.of(report));
        Arrays.stream(Kind.values()).map(Kind::id).forEach(document::names);

        Difference difference = new Difference(Difference.Change.ADDED, "file", "a", null, "after", "text");
        DocumentedJson differences = DocumentedJson.under("### `inspect --diff`");
        differences.isWhatIsPrinted(Difference.toJson(report, report, List.of(difference)));
        names(differences, Difference.Change.values());
    }

    @Test
    void verify() throws IOException {
        DocumentedJson document = DocumentedJson.under("### `verify`");
        document.isWhatIsPrinted(Proof.toJson(List.of(new Proof(Proof.Outcome.OK, "claim", "evidence"))));
        names(document, Proof.Outcome.values());
    }

    @Test
    void tags() throws IOException {
        Path layout = Files.createDirectory(folder.resolve("layout"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[]}");
        DocumentedJson.under("### `tags`").isWhatIsPrinted(run("tags", "oci:layout"));
    }

    @Test
    void lock() throws IOException {
        LockResult.Change change = new LockResult.Change(LockResult.Kind.MOVED, "v1.11.5", "a", "before", "after");
        DocumentedJson document = DocumentedJson.under("### `lock`");
        document.isWhatIsPrinted(
                new LockResult(folder, true, 1, List.of(change), List.of("a: installer"), List.of()).toJson());
        names(document, LockResult.Kind.values());
    }

    @Test
    void doctor() throws IOException {
        DocumentedJson document = DocumentedJson.under("### `doctor`");
        document.isWhatIsPrinted(
                new Diagnosis(
                                "a",
                                Diagnosis.Verdict.WRONG,
                                "what",
                                "why",
                                Problem.Kind.REFUSED,
                                new Remedy.Text("mend it"),
                                null)
                        .toJson(RemedyText::of),
                new Diagnosis("a", Diagnosis.Verdict.OK, "what", null, null, null, null).toJson(RemedyText::of));
        Arrays.stream(Diagnosis.Verdict.values()).map(Diagnosis.Verdict::word).forEach(document::names);
    }

    @Test
    void prune() throws IOException {
        DocumentedJson document = DocumentedJson.under("### `prune`");
        for (PruneResult.Fate fate : PruneResult.Fate.values()) {
            PruneResult result = new PruneResult(
                    List.of(new PruneResult.Item("a", "b:iso/c", List.of("pve1"), 1, 1, fate, "reason")), 1);
            DocumentedJson.under("### `prune`").isWhatIsPrinted(result.toJson());
            JsonObject file = (JsonObject) result.toJson().items("files").getFirst();
            document.names(String.valueOf(file.text("action")));
        }
    }

    @Test
    void store() throws IOException {
        DocumentedJson document = DocumentedJson.under("### `store`");
        List<StoreItem> items = Arrays.stream(StoreItem.Kind.values())
                .map(kind -> new StoreItem(kind, folder.resolve("a"), 1, TIME))
                .toList();
        JsonObject contents = StoreText.contentsJson(folder, items, items);
        document.isWhatIsPrinted(contents);
        contents.items("contents").forEach(row -> document.names(String.valueOf(((JsonObject) row).text("kind"))));
        DocumentedJson.under("### `store clean`")
                .isWhatIsPrinted(StoreText.cleanedJson(folder, items, List.of(), false));
    }

    @Test
    void newExtensionAndLab() throws IOException {
        DocumentedJson.under("### `extension new`").isWhatIsPrinted(run("extension", "new", "a"));
        DocumentedJson.under("### `lab`").isWhatIsPrinted(run("lab", "status"));
    }

    private Json run(String... arguments) throws IOException {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        TreeMap<String, String> environment = new TreeMap<>();
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        CommandLineRun run = CommandLineRun.in(folder, environment, all);
        assertEquals(0, run.code(), run::toString);
        return JsonReader.read("out", run.out().getBytes(UTF_8));
    }

    @Test
    void events() throws IOException {
        List<Event> events = List.of(
                new Event.StepStarted("a", "step"),
                new Event.StepProgress("a", "step", 1, 2),
                new Event.StepFinished("a", "step", "detail", false),
                new Event.UnitEnded("a", "applied"),
                new Event.HookOutput("a", "hook", "text"),
                new Event.Noticed("a", Event.Level.DETAIL, "text"));
        assertEquals(Event.class.getPermittedSubclasses().length, events.size());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEvents json = new JsonEvents(new PrintStream(out, true, UTF_8), () -> 0);
        events.forEach(json::on);
        String page = Files.readString(Path.of("docs/cli.md"));
        for (String line : out.toString(UTF_8).lines().toList()) {
            JsonObject event = JsonReader.readObject("event", line.getBytes(UTF_8));
            String row = page.lines()
                    .filter(one -> one.startsWith("| `" + event.text("type") + "` |"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(line));
            List<String> documented = Pattern.compile("`([a-z]+)`")
                    .matcher(row.substring(row.indexOf("` |") + 2).replaceAll("\\([^)]*\\)", ""))
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            assertEquals(
                    documented,
                    event.members().keySet().stream()
                            .filter(name -> !name.equals("type"))
                            .toList(),
                    row);
        }
    }
}
