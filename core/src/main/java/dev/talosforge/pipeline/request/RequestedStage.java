package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.lint.Linter;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Publication;
import dev.talosforge.state.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Does what a request asks of its stage, without a tree and without a state: the caller keeps what is answered.
 *
 * @param strict whether findings of the content checks are problems
 */
public record RequestedStage(BuildContext context, InstantSource clock, boolean strict, StageRequest request) {
    private static final String DIGEST = "digest";

    public StageAnswer answer(StageAction action) throws Exception {
        return switch (action) {
            case PLAN -> plan();
            case APPLY -> apply();
            case OUTPUT -> output();
            case PRESENT -> present();
        };
    }

    /** What it would be made of, under stable keys, and one digest of that. */
    public StageAnswer plan() throws Exception {
        CopiedState.refuse(request.name(), request.folder());
        lint(false);
        KeyedParts parts = parts(request.stage().foresee(context, request.name()));
        SortedMap<String, String> members = new TreeMap<>(parts.values());
        members.put(DIGEST, parts.digest().toString());
        return StageAnswer.of(members);
    }

    /** Reports what is allowed but probably not intended, as far as inputs alone show it. */
    private void lint(boolean applied) {
        List<LintFinding> findings = Linter.of(List.of(request.unit()), new TreeMap<>()).stream()
                .filter(finding -> !finding.check().comparesUnits())
                .filter(finding -> !applied || !finding.check().isReportedByApply())
                .toList();
        List<Problem> problems = findings.stream()
                .filter(finding -> strict && finding.check().isFixableInTree())
                .map(LintFinding::toProblem)
                .toList();
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        findings.forEach(finding -> context.events().warning(request.name(), finding.line()));
    }

    private KeyedParts parts(ApplyRecord record) {
        return KeyedParts.of(record, request.folder());
    }

    /** Builds and delivers it. What is delivered is written down even if work that follows fails. */
    public StageAnswer apply() throws Exception {
        Stage stage = request.stage();
        stage.read(stage.given().reader());
        lint(true);
        if (stage instanceof Stage.Upload && !context.push()) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot upload for " + request.name())
                    .because("this run sends nothing"));
        }
        Files.createDirectories(request.folder());
        LastApply last = request.last();
        SequencedMap<String, Json> before = last == null ? new LinkedHashMap<>() : last.outputs();
        Publication earlier = last == null ? null : last.publication();
        Stage.Applied applied = stage.apply(context, request.name(), last == null ? before : last.published());
        SequencedMap<String, Json> outputs = new TreeMap<>(applied.outputs());
        boolean kept = applied.record().isKept();
        Publication publication =
                Publication.after(kept, outputs, clock.instant().getEpochSecond(), earlier, before);
        Path catalog = stage.given().catalog();
        if (catalog != null && !kept) {
            Catalog.at(catalog).record(request.name(), request.module().module(), outputs);
        }
        String digest = parts(applied.record()).digest().toString();
        StageAnswer answer = applied(LastApply.of(applied.record(), publication, outputs, digest));
        write(answer);
        if (applied.failure() != null) {
            throw applied.failure();
        }
        return answer;
    }

    private static StageAnswer applied(LastApply last) {
        SortedMap<String, String> members = new TreeMap<>();
        members.put(DIGEST, last.digest());
        members.put("outputs", new JsonObject(last.outputs()).compact());
        members.put("record", last.record().compact());
        return StageAnswer.of(members);
    }

    private void write(StageAnswer answer) throws IOException {
        Path file = request.answerFile();
        if (file != null) {
            WholeFile.write(file, (answer.json() + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Whether everything that was delivered is still there. */
    public StageAnswer present() throws Exception {
        SortedMap<String, String> members = new TreeMap<>();
        List<String> objections = new ArrayList<>();
        PresentTargets.of(context, request).forEach((target, state) -> {
            members.put("target " + target, state.word());
            if (state.objection() != null) {
                objections.add(state.objection());
            }
        });
        members.put("present", String.valueOf(objections.isEmpty()));
        members.put("missing", String.join("; ", objections));
        return StageAnswer.of(members);
    }

    /** What the last apply answered. */
    public StageAnswer output() {
        LastApply last = request.last();
        if (last == null) {
            throw new BuildException(Problem.failed(
                            Problem.Kind.INVALID_INPUT, "cannot show the outputs of " + request.name())
                    .because("the request has no record of an apply")
                    .trying("send the record of the last apply's answer with the inputs; if it is lost, apply again"));
        }
        return applied(last);
    }
}
