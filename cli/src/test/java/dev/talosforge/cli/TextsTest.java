package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.cli.text.GraphFormat;
import dev.talosforge.cli.text.GraphText;
import dev.talosforge.cli.text.PlanText;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.cli.text.ResultText;
import dev.talosforge.cli.text.SummaryText;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.pipeline.run.Timing;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.problem.Problem;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.provenance.StagePlan.Change;
import dev.talosforge.provenance.StagePlan.Kind;
import dev.talosforge.provenance.StagePlan.Line;
import dev.talosforge.provenance.StagePlan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people see of graphs, plans and results, whole. */
class TextsTest {
    private static UnitView unit(String name, @Nullable String module, boolean managed, String... needs) {
        return new UnitView(
                name,
                module,
                managed,
                Stream.of(needs)
                        .map(need -> new UnitView.Need(need, UnitView.Need.Outputs.UNUSED, new LinkedHashMap<>(), null))
                        .toList(),
                List.of(),
                Json.object().build(),
                null);
    }

    private static final List<UnitView> UNITS = List.of(
            unit("extension", "talos_extension", true),
            unit("images", "talos_images", true, "extension"),
            unit("a \"b\"", "talos_cluster", false, "images", "../elsewhere"),
            unit("empty", null, false));

    @Test
    void aGraphForPeople() {
        assertEquals("""
                extension                            talos_extension
                    feeds  images
                images                               talos_images
                    needs  extension
                    feeds  a "b"
                a "b"                                talos_cluster (consumer)
                    needs  images
                    needs  ../elsewhere
                empty                                no module
                """, GraphText.render(UNITS, GraphFormat.TEXT));
    }

    @Test
    void aGraphForGraphviz() {
        assertEquals("""
                digraph units {
                  rankdir=LR;
                  node [shape=box];
                  "extension" [style=bold];
                  "images" [style=bold];
                  "a \\"b\\"" [style=dashed];
                  "empty" [style=dashed];
                  "extension" -> "images";
                  "images" -> "a \\"b\\"";
                  "../elsewhere" -> "a \\"b\\"";
                }
                """, GraphText.render(UNITS, GraphFormat.DOT));
    }

    @Test
    void aGraphForMermaid() {
        assertEquals("""
                graph LR
                  u0["extension"]
                  u1["images"]
                  u2["a #quot;b#quot;"]
                  u3["empty"]
                  u4["../elsewhere"]
                  u0 --> u1
                  u1 --> u2
                  u4 --> u2
                """, GraphText.render(UNITS, GraphFormat.MERMAID));
    }

    private static StagePlan plan(boolean applied, Change... changes) {
        return new StagePlan(
                "images",
                "installer image and boot ISO",
                List.of(new Line("Talos version", "v1.11.5"), new Line("squashfs", "xz")),
                List.of(changes),
                applied ? StagePlan.Basis.LAST_APPLY : StagePlan.Basis.NEVER_APPLIED);
    }

    @Test
    void aPlanOfWhatWasNeverApplied() {
        assertEquals("""
                images  installer image and boot ISO
                  Talos version  v1.11.5
                  squashfs       xz
                  never applied: everything is new
                """, PlanText.render(plan(false)));
    }

    @Test
    void aPlanWithoutChanges() {
        assertEquals("""
                images  installer image and boot ISO
                  Talos version  v1.11.5
                  squashfs       xz
                  nothing changed since the last apply; apply builds everything again nevertheless
                """, PlanText.render(plan(true)));
        StagePlan upload = new StagePlan(
                "registry", "boot ISO to Proxmox storage", List.of(), List.of(), StagePlan.Basis.LAST_APPLY);
        assertEquals("""
                registry  boot ISO to Proxmox storage
                  nothing changed since the last apply
                """, PlanText.render(upload));
    }

    @Test
    void aPlanWithChanges() {
        assertEquals(
                """
                images  installer image and boot ISO
                  Talos version  v1.11.5
                  squashfs       xz
                  changed since the last apply:
                    + kernel argument nosmt
                    - extension ghcr.io/siderolabs/crun: 1.24@sha256:00
                    ~ Talos version: v1.11.4 -> v1.11.5
                """,
                PlanText.render(plan(
                        true,
                        new Change(Kind.ADDED, Reason.KERNEL_ARGUMENT, "kernel argument nosmt", "", "given", ""),
                        new Change(
                                Kind.REMOVED,
                                Reason.EXTENSION_REMOVED,
                                "extension ghcr.io/siderolabs/crun",
                                "1.24@sha256:00",
                                "",
                                "1.24@sha256:00"),
                        new Change(
                                Kind.CHANGED,
                                Reason.TALOS_VERSION,
                                "Talos version",
                                "v1.11.4",
                                "v1.11.5",
                                "v1.11.4 -> v1.11.5"))));
    }

    @Test
    void aPlanThatAnotherUnitChanges() {
        assertEquals(
                """
                registry  boot ISO
                  nodes  pve01
                  changed since the last apply:
                    ~ nodes: pve00 -> pve01
                  will change, because images does:
                    ~ ISO -> (known after apply)
                """,
                PlanText.render(new StagePlan(
                        "registry",
                        "boot ISO",
                        List.of(new Line("nodes", "pve01")),
                        List.of(
                                new Change(Kind.CHANGED, Reason.TARGET, "nodes", "pve00", "pve01", "pve00 -> pve01"),
                                new Change(
                                        Kind.CHANGED,
                                        Reason.CONTENT,
                                        "ISO",
                                        "",
                                        StagePlan.LATER,
                                        "-> " + StagePlan.LATER)),
                        StagePlan.Basis.LAST_APPLY,
                        List.of("images"))));
        assertEquals(
                """
                registry  boot ISO
                  ISO  (known after apply)
                  never applied: everything is new
                  (known after apply): the outputs of images
                """,
                PlanText.render(new StagePlan(
                        "registry",
                        "boot ISO",
                        List.of(new Line("ISO", StagePlan.LATER)),
                        List.of(),
                        StagePlan.Basis.NEVER_APPLIED,
                        List.of("images"))));
    }

    @Test
    void aPlanWithoutLines() {
        assertEquals(
                """
                c  talos_cluster: run by another tool
                """,
                PlanText.render(new StagePlan(
                        "c", "talos_cluster: run by another tool", List.of(), List.of(), StagePlan.Basis.NONE)));
    }

    private static SequencedMap<String, Json> outputs() {
        SequencedMap<String, Json> outputs = new LinkedHashMap<>();
        outputs.put("installer_image", Json.of("ghcr.io/acme/installer:v1.11.5"));
        outputs.put("count", Json.of(3));
        SequencedMap<String, String> ids = new LinkedHashMap<>();
        ids.put("pve01", "resources:iso/a.iso");
        ids.put("pve02", "resources:iso/a.iso");
        outputs.put("ids", Json.ofMap(ids));
        outputs.put("none", Json.object().build());
        return outputs;
    }

    private static final Problem PROBLEM = Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot use image a/b")
            .because("it is broken")
            .trying("give another one");

    private static UnitResult result(
            String unit,
            Ending ending,
            SequencedMap<String, Json> outputs,
            List<Problem> problems,
            @Nullable String because) {
        Timing timing = ending == Ending.SKIPPED
                ? null
                : new Timing(Instant.ofEpochSecond(1_764_000_000L), Duration.ofMillis(61_250));
        return new UnitResult(unit, "talos_" + unit, ending, outputs, problems, because, null, timing);
    }

    private static List<UnitResult> results() {
        return List.of(
                result("images", Ending.APPLIED, outputs(), List.of(), null),
                result("empty", Ending.NOT_MANAGED, new LinkedHashMap<>(), List.of(), "it has no terraform block"),
                result("broken", Ending.FAILED, new LinkedHashMap<>(), List.of(PROBLEM), null),
                result("late", Ending.SKIPPED, new LinkedHashMap<>(), List.of(), "broken failed"));
    }

    @Test
    void resultsForPeople() {
        assertEquals("""
                images  applied
                  installer_image  ghcr.io/acme/installer:v1.11.5
                  count            3
                  ids
                    pve01  resources:iso/a.iso
                    pve02  resources:iso/a.iso
                  none             {}
                empty  nothing to do: it has no terraform block
                broken  failed
                late  skipped: broken failed
                """, ResultText.render(results()));
    }

    @Test
    void aSummaryForPeople() {
        assertEquals("""
                unit    result            time  why
                images  applied       1 m 01 s
                empty   not managed   1 m 01 s  it has no terraform block
                broken  failed        1 m 01 s  cannot use image a/b
                late    skipped                 broken failed
                1 applied, 1 not managed, 1 skipped, 1 failed
                """, SummaryText.render(new RunReport("apply", "/tree", results(), RemedyText::of)));
    }

    @Test
    void aReportForAScript() {
        assertEquals(
                """
                {
                  "format": 1,
                  "command": "apply",
                  "directory": "/tree",
                  "units": [
                    {
                      "unit": "images",
                      "module": "talos_images",
                      "result": "applied",
                      "started": "2025-11-24T16:00:00Z",
                      "ended": "2025-11-24T16:01:01.250Z",
                      "milliseconds": 61250,
                      "problems": []
                    },
                    {
                      "unit": "empty",
                      "module": "talos_empty",
                      "result": "not_managed",
                      "reason": "it has no terraform block",
                      "started": "2025-11-24T16:00:00Z",
                      "ended": "2025-11-24T16:01:01.250Z",
                      "milliseconds": 61250,
                      "problems": []
                    },
                    {
                      "unit": "broken",
                      "module": "talos_broken",
                      "result": "failed",
                      "started": "2025-11-24T16:00:00Z",
                      "ended": "2025-11-24T16:01:01.250Z",
                      "milliseconds": 61250,
                      "problems": [
                        {
                          "kind": "bad_artifact",
                          "message": "cannot use image a/b",
                          "reason": "it is broken",
                          "remedy": "give another one"
                        }
                      ]
                    },
                    {
                      "unit": "late",
                      "module": "talos_late",
                      "result": "skipped",
                      "reason": "broken failed",
                      "problems": []
                    }
                  ],
                  "summary": {
                    "units": 4,
                    "applied": 1,
                    "not_managed": 1,
                    "skipped": 1,
                    "failed": 1
                  }
                }
                """,
                new RunReport("apply", "/tree", results(), RemedyText::of)
                        .toJson()
                        .pretty());
    }

    @Test
    void resultsForAScript() {
        assertEquals(
                """
                {"result":"applied","outputs":{"installer_image":"ghcr.io/acme/installer:v1.11.5","count":3,\
                "ids":{"pve01":"resources:iso/a.iso","pve02":"resources:iso/a.iso"},"none":{}},"problems":[]}
                {"result":"not_managed","reason":"it has no terraform block","outputs":{},"problems":[]}
                {"result":"failed","outputs":{},"problems":[{"kind":"bad_artifact","message":"cannot use image a/b",\
                "reason":"it is broken","remedy":"give another one"}]}
                {"result":"skipped","reason":"broken failed","outputs":{},"problems":[]}""",
                String.join(
                        "\n",
                        results().stream()
                                .map(result -> ResultText.json(result).compact())
                                .toList()));
    }
}
