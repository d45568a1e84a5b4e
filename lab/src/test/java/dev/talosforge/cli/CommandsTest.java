package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.GlobalOptions;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.testkit.RequiredTool;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line as it is typed, on small trees and without a network. */
class CommandsTest {
    @TempDir
    Path folder = Path.of("");

    private final Map<String, String> environment = new TreeMap<>();

    private record Run(int code, String out, String err) {}

    @BeforeEach
    void process() throws IOException {
        folder = folder.toRealPath();
        environment.put("HOME", folder.toString());
    }

    private Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                args,
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false));
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private Path unit(String name, String text) throws IOException {
        Path unit = Files.createDirectories(folder.resolve("tree").resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), text);
        return unit;
    }

    private Path extension(String name, String inputs) throws IOException {
        return unit(name, """
                terraform { source = "../modules/talos_extension" }
                inputs = {
                  name               = "hello"
                  version            = "v1.0.0"
                  extension_registry = "registry.test/acme/hello"
                  sources            = [{ files = { "usr/local/share/hello.txt" = "hello" } }]
                  %s
                }
                """.formatted(inputs));
    }

    private String tree() {
        return folder.resolve("tree").toString();
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The program as a process of its own, whose results go to a file that is not writable or a reader that went. */
    private Run process(ProcessBuilder.Redirect out, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                "dev.talosforge.cli.Main"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectOutput(out).start();
        process.getInputStream().close();
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), "", err);
    }

    @Tag("reference")
    @ParameterizedTest
    @ValueSource(strings = {"--version", "--help", "validate", "render", "graph"})
    void aFullDiskBehindStandardOutputIsAnError(String command) throws Exception {
        extension("hello", "");
        String[] args = command.startsWith("--") ? new String[] {command} : new String[] {"-C", tree(), command};
        assertEquals(new Run(5, "", """
                error: cannot write the result to standard output
                  why:   No space left on device
                  try:   free space where the output is written, then run the same command again
                """), process(ProcessBuilder.Redirect.to(new File("/dev/full")), args));
    }

    /** The pipe's last reader is gone before the program starts. */
    @Tag("reference")
    @Test
    void aReaderThatWentAwayGetsNoReport() throws Exception {
        RequiredTool.named("bash", "bash")
                .run(
                        folder,
                        Path.of("/dev/null"),
                        "-c",
                        "mkfifo pipe && exec 4<>pipe 3>pipe 4>&- && { \"$@\" >&3 2>err; echo $? >code; }",
                        "bash",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        classPath(),
                        "dev.talosforge.cli.Main",
                        "--help");
        assertEquals("", Files.readString(folder.resolve("err")));
        assertEquals("141\n", Files.readString(folder.resolve("code")));
    }

    @Test
    void aSecretIsNotInAnErrorsLine() throws Exception {
        extension("hello", "password = \"hunter2\"");
        Run run = run("-C", tree(), "validate");
        assertEquals(2, run.code());
        assertFalse((run.out() + run.err()).contains("hunter2"), run.err());
        assertTrue(run.err().contains("    7 |   password = \"…\n"), run.err());
        assertFalse(run("-C", tree(), "--json", "validate").out().contains("hunter2"));
    }

    @Test
    void anUnknownCommandIsReportedWithTheNearestName() {
        assertEquals(new Run(2, "", """
                error: cannot understand the command line
                  why:   there is no command "aply"
                  try:   did you mean apply?  run: talos-forge --help
                """), run("aply"));
    }

    @Test
    void anUnknownOptionIsReportedWithTheNearestName() {
        assertEquals(new Run(2, "", """
                error: cannot understand the command line
                  why:   Unknown option: '--jsom'
                  try:   did you mean --json?  run: talos-forge plan --help
                """), run("plan", "--jsom"));
    }

    @Test
    void aMissingCommandIsReported() {
        assertEquals(new Run(2, "", """
                error: cannot understand the command line
                  why:   missing command
                  try:   run: talos-forge --help
                """), run());
    }

    @Test
    void anUnknownCommandToRunAllIsReported() throws Exception {
        extension("a", "");
        assertEquals(new Run(2, "", """
                error: cannot run-all "aply"
                  why:   it is not apply, plan, output or validate
                  try:   run: talos-forge run-all --help
                """), run("-C", tree(), "run-all", "aply"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "validate",
                "render",
                "graph",
                "plan",
                "apply",
                "run-all",
                "run",
                "output",
                "inspect",
                "verify",
                "lock",
                "boot",
                "lab",
                "lab up",
                "lab down",
                "lab status"
            })
    void helpHasAnExample(String command) {
        Run run = run((command + " --help").split(" ", -1));
        assertEquals(0, run.code());
        assertEquals("", run.err());
        assertTrue(run.out().matches("(?s).*\nExamples?:\n  talos-forge .*"), run.out());
    }

    @Test
    void theFolderMayStandBeforeOrBehindTheCommand() throws Exception {
        extension("a", "");
        Run before = run("-C", tree(), "validate");
        assertEquals(
                new Run(0, "a                                    talos_extension\n1 unit, no problems\n", ""), before);
        assertEquals(before, run("validate", "-C", tree()));
        assertEquals(before, run("-C", "/nowhere", "validate", "--directory", tree()));
    }

    @Test
    void aFolderThatIsMissingIsReported() {
        assertEquals(
                new Run(2, "", "error: cannot work in %s\n  why:   there is no such folder\n".formatted(tree())),
                run("-C", tree(), "validate"));
    }

    @Test
    void anInputIsOverriddenByEnvironmentAndByOption() throws Exception {
        Path unit = extension("a", "");
        environment.put("TF_VAR_version", "v1.1.0");
        environment.put("TF_VAR_not_an_input", "x");
        assertTrue(run("-C", unit.toString(), "render").out().contains("\"version\": \"v1.1.0\""));
        assertEquals(
                run("-C", unit.toString(), "render").out(),
                run("-C", String.valueOf(unit.getParent()), "render", String.valueOf(unit.getFileName()))
                        .out());
        assertTrue(run("-C", unit.toString(), "render", "--var", "version=v1.2.0-rc")
                .out()
                .contains("\"version\": \"v1.2.0-rc\""));
        assertFalse(run("-C", unit.toString(), "render").out().contains("not_an_input"));
    }

    /** A cluster that tries another Talos: its own names, nothing in the tree changes, not even a line for the tag. */
    @Test
    void oneUnitIsBuiltForAnotherTalos() throws Exception {
        Path unit = unit("images", """
                terraform { source = "../modules/talos_images" }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "registry.test/acme/installer"
                  imager_image       = "127.0.0.1:1/imager:v1"
                }
                """);
        environment.put("TF_VAR_talos_version", "v1.12.0");
        Run run = run("-C", unit.toString(), "validate", "--var", "installer_tag=not a tag");
        assertEquals(new Run(2, "", """
                error: cannot use input "installer_tag" of images
                  where: --var installer_tag
                  why:   it is not a valid tag: "not a tag" is not a tag: use up to 128 letters, digits, and . _ -
                """), run);
        assertTrue(run("-C", unit.toString(), "render").out().contains("\"talos_version\": \"v1.12.0\""));
        environment.put("TF_VAR_installer_tag", "v1.12.0-test");
        assertEquals(0, run("-C", unit.toString(), "validate").code());
    }

    @Test
    void aVariableThatIsUnknownIsReported() throws Exception {
        Path unit = extension("a", "");
        assertEquals(
                new Run(2, "", """
                error: unknown input "talos_verion" of --var
                  why:   no stage knows it, and no unit in %s sets it
                  try:   did you mean "talos_version"?
                """.formatted(unit)),
                run("-C", unit.toString(), "plan", "--var", "talos_verion=v1.12.0"));
    }

    /** A file that is broken is told once, whoever reads it; another tool's spelling of an option is understood. */
    @Test
    void whatSeveralUnitsRunIntoIsReportedOnce() throws Exception {
        Path broken = unit("a", "inputs = {\n");
        unit("b", "dependency \"a\" { config_path = \"../a\" }\ninputs = { x = dependency.a.outputs.x }\n");
        unit("c", "inputs = {}\n");
        String problem = """
                error: cannot parse terragrunt.hcl
                  where: %s:1:10
                    1 | inputs = {
                      |          ^
                  why:   this "{" is never closed
                """.formatted(broken.resolve("terragrunt.hcl"));
        String list = """
                a                                    no module  (has problems)
                b                                    no module  (a has problems)
                c                                    no module  (not managed)
                """;
        assertEquals(
                new Run(2, list, problem + "1 of 3 units has problems of its own, 1 more depends on such a unit\n"),
                run("-C", tree(), "validate"));
        Run apply = run("-C", tree(), "run-all", "apply", "-auto-approve", "--terragrunt-exclude-dir", "c");
        assertEquals(problem, apply.err());
        assertEquals("""
                unit  result        time  why
                a     failed  T  cannot parse terragrunt.hcl
                b     skipped             a failed
                1 skipped, 1 failed
                """, apply.out().replaceAll(" +[0-9]+[.][0-9] s", "  T"));
    }

    @Test
    void aWorkspaceThatCannotBeOneIsReported() {
        assertEquals(new Run(2, "", """
                error: cannot use the workspace "../x"
                  why:   use 1 to 90 letters, digits and _ . ~ $ & + = : @ - for a name other than . and ..
                  try:   select another workspace, or none
                """), run("-C", folder.toString(), "validate", "--workspace", "../x"));
    }

    @Test
    void aVariableWithoutAValueIsReported() throws Exception {
        Path unit = extension("a", "");
        assertEquals(new Run(2, "", """
                error: cannot use --var "version"
                  why:   it is not NAME=VALUE
                """), run("-C", unit.toString(), "render", "--var", "version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-1", "4294967296", "99999999999999999999"})
    void aTimeThatIsInvalidIsReported(String time) throws Exception {
        Path unit = extension("a", "");
        environment.put("SOURCE_DATE_EPOCH", time);
        assertEquals(new Run(2, "", """
                error: cannot use SOURCE_DATE_EPOCH
                  why:   "%s" is not a number of seconds from 0 to 4294967295
                """.formatted(time)), run("-C", unit.toString(), "plan"));
    }

    @Test
    void aProxyThatIsInvalidIsReportedWithoutItsPassword() throws Exception {
        Path unit = extension("a", "");
        environment.put("https_proxy", "socks://ada:secret@proxy.test:1080");
        assertEquals(new Run(2, "", """
                error: cannot use HTTPS_PROXY or HTTP_PROXY
                  why:   it is not the address of an HTTP proxy
                  try:   export HTTPS_PROXY=http://HOST:PORT
                """), run("-C", unit.toString(), "plan"));
    }

    @Test
    void applyRecordsWhatOutputPrints() throws Exception {
        Path unit = extension("a", "");
        Run nothing = run("-C", unit.toString(), "output", "extension_version");
        assertEquals(new Run(2, "", """
                error: cannot print the output "extension_version"
                  why:   nothing is recorded for this unit
                  try:   run: talos-forge apply
                """), nothing);
        assertEquals(
                new Run(0, "", "nothing is recorded yet: talos-forge apply records outputs\n"),
                run("-C", unit.toString(), "output"));

        Run applied = run("-C", unit.toString(), "apply", "--no-push");
        assertEquals(0, applied.code(), applied.err());
        assertTrue(applied.out().startsWith("a  built: not pushed: --no-push sends nothing\n"), applied.out());
        assertEquals(
                "v1.0.0\n",
                run("-C", unit.toString(), "output", "--raw", "extension_version")
                        .out());
        assertEquals(
                "\"v1.0.0\"\n",
                run("-C", unit.toString(), "output", "extension_version").out());
        assertEquals(new Run(2, "", """
                error: cannot print the output "extension"
                  why:   recorded outputs: extension_digest, extension_image, extension_version
                """), run("-C", unit.toString(), "output", "extension"));
    }

    @Test
    void aPlanReportsByItsExitCodeWhetherSomethingChanges() throws Exception {
        Path unit = extension("a", "");
        assertEquals(
                2,
                run("-C", unit.toString(), "plan", "--no-push", "--detailed-exitcode")
                        .code());
        assertEquals(0, run("-C", unit.toString(), "plan", "--no-push").code());
        assertEquals(0, run("-C", unit.toString(), "apply", "--no-push").code());
        assertEquals(
                0,
                run("-C", unit.toString(), "plan", "--no-push", "--detailed-exitcode")
                        .code());
        assertEquals(
                2,
                run("-C", unit.toString(), "plan", "--no-push", "--detailed-exitcode", "--var", "version=v2.0.0")
                        .code());
    }

    @Test
    void oneUnitThatFailsHidesNoOther() throws Exception {
        extension("a", "sources = [{ archive = \"terragrunt.hcl\", sha256 = \"%s\" }]".formatted("0".repeat(64)));
        extension("b", "");
        unit("c", "dependencies { paths = [\"../a\"] }\nterraform { source = \"m/talos_extension\" }\n");
        Run run = run("-C", tree(), "run-all", "apply", "--no-push");
        assertEquals(4, run.code(), run.err());
        assertTrue(run.out().startsWith("b  built: not pushed: --no-push sends nothing\n"), run.out());
        assertEquals("""
                unit  result        time  why
                a     failed  0.0 s  cannot use sources[0] (archive terragrunt.hcl) of hello
                b     built  0.0 s  not pushed: --no-push sends nothing
                c     skipped             a failed
                1 built, 1 skipped, 1 failed
                """, run.out().substring(run.out().indexOf("unit ")).replaceAll(" +[0-9]+\\.[0-9] s", "  0.0 s"));
    }

    @Test
    void theStoreIsWhereItsSettingsPutIt() {
        Map<String, String> given = new TreeMap<>(Map.of("HOME", "/home/ada"));
        assertEquals(Path.of("/home/ada/.cache/talos-forge"), store(given, null));
        given.put("XDG_CACHE_HOME", "/cache");
        assertEquals(Path.of("/cache/talos-forge"), store(given, null));
        given.put("TALOS_FORGE_STORE", "/store");
        assertEquals(Path.of("/store"), store(given, null));
        assertEquals(Path.of("/option"), store(given, Path.of("/option")));
        assertEquals(
                Path.of(".cache/talos-forge").toAbsolutePath(),
                store(Map.of(), null).normalize());
    }

    private static Path store(Map<String, String> environment, @org.jspecify.annotations.Nullable Path option) {
        GlobalOptions global = option == null
                ? new GlobalOptions()
                : CommandLine.populateCommand(new GlobalOptions(), "--store", option.toString());
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        return Session.open(new ProcessEnvironment(nowhere, nowhere, environment, false), global)
                .storeFolder();
    }
}
