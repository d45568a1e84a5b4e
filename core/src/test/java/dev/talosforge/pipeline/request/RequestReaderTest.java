package dev.talosforge.pipeline.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.config.text.ValueJson;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RequestReaderTest {
    private static final Path FOLDER = Path.of("/work");

    private static RequestReader reader() {
        return new RequestReader(StageModule.IMAGES, "the request", FOLDER);
    }

    private static StageRequest read(String json) {
        return reader().read(json.getBytes(UTF_8));
    }

    private static String inputs(StageRequest request) {
        return ValueJson.toJson(request.inputs()).compact();
    }

    /** What, why and remedy of each problem. */
    private static String wrong(byte[] json) {
        return assertThrows(BuildException.class, () -> reader().read(json)).problems().stream()
                .map(RequestReaderTest::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(Problem problem) {
        assertEquals(Problem.Kind.INVALID_INPUT, problem.kind());
        return problem.what() + ": " + problem.why() + (problem.remedy() == null ? "" : "; " + problem.remedy());
    }

    private static String wrong(String json) {
        return wrong(json.getBytes(UTF_8));
    }

    @Test
    void aFlatObjectOfTextsIsReadAsTerraformSendsIt() {
        StageRequest request = read("""
                {"inputs": "{\\"talos_version\\": \\"v1.11.5\\", \\"iso_name\\": null}", "name": "images", "folder": "/srv/../stack",
                 "record": "{\\"outputs\\": {\\"iso_name\\": \\"a.iso\\"}}", "outputs_file": "/stack/out.json"}
                """);
        assertEquals("{\"talos_version\":\"v1.11.5\"}", inputs(request));
        assertEquals("images", request.name());
        assertEquals(Path.of("/stack"), request.folder());
        assertEquals(Path.of("/stack/out.json"), request.answerFile());
        LastApply last = request.last();
        assertNotNull(last);
        assertEquals("[iso_name]", last.outputs().keySet().toString());
    }

    @Test
    void whatIsMissingEmptyOrNullIsTheDefault() {
        for (String rest :
                new String[] {"", ", \"name\": \"\", \"folder\": null, \"record\": \"\", \"outputs_file\": \"\""}) {
            StageRequest request = read("{\"inputs\": {}" + rest + "}");
            assertEquals(
                    new StageRequest(StageModule.IMAGES, "talos_images", FOLDER, request.inputs(), null, null),
                    request);
            assertNull(request.last());
        }
    }

    /** As Terraform writes optional members of objects. */
    @Test
    void nullsOfObjectsCountAsNotSet() {
        assertEquals(
                "{\"sources\":[{\"dir\":\"a\",\"owners\":{}},null]}",
                inputs(
                        read(
                                "{\"inputs\": {\"sources\": [{\"dir\": \"a\", \"to\": null, \"owners\": {\"x\": null}}, null]}}")));
    }

    @Test
    void eachWrongFormIsReported() {
        assertEquals("cannot read the request: it is empty; expected JSON, at byte 0", wrong(""));
        assertEquals("cannot read the request: it is not a JSON object, at byte 0", wrong("[]"));
        assertEquals(
                "cannot use \"inputs\" of the request: it is missing; it is a JSON object with the stage's inputs, or the text of one",
                wrong("{}"));
        assertEquals(
                "cannot use \"inputs\" of the request: it is not a JSON object, at byte 0",
                wrong("{\"inputs\": \"5\"}"));
        assertEquals(
                "cannot use \"inputs\" of the request: it is neither a JSON object nor the text of one",
                wrong("{\"inputs\": 5}"));
        assertEquals(
                "cannot use \"inputs.a\" of the request: it contains a number that is too long",
                wrong("{\"inputs\": {\"a\": 1e100000}}"));
    }

    @Test
    void everythingIsReportedAtOnce() {
        assertEquals(
                """
                unknown member "input" of the request: known here: folder, inputs, name, outputs_file, record; did you mean "inputs"?
                cannot use "folder" of the request: it is not an absolute path
                cannot use "name" of the request: it must be one line of 1 to 200 characters
                cannot use "record" of the request: it has no outputs, as the record of an apply's answer has
                cannot use "outputs_file" of the request: it is not a text""",
                wrong(
                        "{\"inputs\": {}, \"input\": 1, \"folder\": \"a\", \"name\": \"a\\nb\", \"record\": {\"x\": 1}, \"outputs_file\": 5}"));
    }

    /** A parser would quote it. */
    @Test
    void whatCannotBeReadIsNotRepeated() {
        String told = wrong("{\"inputs\": hunter2}");
        assertEquals(-1, told.indexOf("hunter2"), told);
        assertEquals("cannot read the request: it is not JSON, at byte ", told.replaceAll("\\d+$", ""));
        assertEquals(
                "cannot read the request: it has a number out of range, at byte 25",
                wrong("{\"inputs\": 4.5e9999999999}"));
        assertEquals(
                "cannot read the request: it has more than one JSON value, at byte 16", wrong("{\"inputs\": {}} {}"));
    }

    @Test
    void aRequestHasALimit() {
        assertEquals(
                "cannot read the request: it has more than 16777216 bytes",
                wrong(new byte[RequestReader.MAX_BYTES + 1]));
    }

    @Test
    void stagesAreKnownByTwoNames() {
        assertEquals(StageModule.UPLOAD, RequestReader.module("proxmox_upload"));
        assertEquals(StageModule.UPLOAD, RequestReader.module("talos_proxmox_upload"));
        assertNull(RequestReader.module("upload"));
    }
}
