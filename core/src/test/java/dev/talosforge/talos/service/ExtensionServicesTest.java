package dev.talosforge.talos.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.support.SampleElf;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.talos.extension.ExtensionImageTest;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExtensionServicesTest {
    private static final String FILE = "usr/local/etc/containers/tool.yaml";
    private static final String ROOT = "usr/local/lib/containers/tool/";
    private static final String GOOD = """
            name: tool
            container:
              entrypoint: /usr/bin/tool
              args: [--verbose, 1]
              environment: [PATH=/usr/bin]
              environmentFile: /var/lib/tool/environment
              mounts:
                - source: /run/tool
                  destination: /var/lib/tool
                  type: bind
                  options: [rbind, rw]
                - source: /run
                  destination: /tmp
                  type: tmpfs
                  options: [mode=1777, size=16m, noexec]
              security:
                writeableRootfs: false
                writeableSysfs: yes
                maskedPaths: []
                readonlyPaths: []
                rootfsPropagation: shared
            depends:
              - service: cri
              - path: /dev/net/tun
              - network: [addresses, connectivity, hostname, etcfiles]
              - time: true
              - configuration: true
            restart: untilSuccess
            logToConsole: true
            """;

    private static TalosVersion version(String text) {
        return Objects.requireNonNull(TalosVersion.parse(text));
    }

    private static TreeBuilder tool() {
        return new TreeBuilder(0)
                .file(FILE, 0644, GOOD)
                .file(ROOT + "usr/bin/tool", 0755, ByteSource.of(SampleElf.program(SampleElf.AMD64)));
    }

    private static TreeBuilder saying(String service) {
        return tool().file(FILE, 0644, service);
    }

    private static TreeBuilder running(String entrypoint) {
        return saying("name: tool\nrestart: always\ncontainer:\n  entrypoint: " + entrypoint + "\n");
    }

    private static TreeBuilder mounting(String mount) {
        return saying("name: tool\nrestart: always\ncontainer:\n  entrypoint: /usr/bin/tool\n  mounts:\n    - " + mount
                + "\n");
    }

    /** One line each, for a program of amd64. */
    private static List<String> notes(TreeBuilder rootfs) throws Exception {
        return notes(rootfs, "v1.13.0");
    }

    private static List<String> notes(TreeBuilder rootfs, String version) throws Exception {
        return ExtensionServices.check(rootfs.build(), version(version), Architecture.AMD64).stream()
                .map(ExtensionServicesTest::line)
                .toList();
    }

    private static String line(ServiceNotes.Note note) {
        Where.Source where = note.where();
        return (note.fatal() ? "" : "warning ")
                + (where == null
                        ? ""
                        : "%s:%d:%d+%d "
                                .formatted(
                                        FileTree.nameOf(where.file().toString()),
                                        where.line(),
                                        where.column(),
                                        where.length()))
                + note.why()
                + (note.remedy() == null ? "" : " -> " + note.remedy());
    }

    @Test
    void takesAServiceWithAllFields() throws Exception {
        assertEquals(List.of(), notes(tool()));
        ServiceSpec service = ExtensionServices.of(tool().build()).getFirst();
        assertEquals("/" + FILE, service.file());
        assertEquals(new ServiceSpec.Word("tool", new ServiceSpec.Place(1, 7, 4)), service.name());
        assertEquals(
                List.of(
                        "service cri",
                        "path /dev/net/tun",
                        "network addresses, connectivity, hostname, etcfiles",
                        "time",
                        "configuration"),
                service.depends().stream().map(ServiceSpec.Dependency::title).toList());
        assertEquals(
                List.of("--verbose", "1"),
                service.container().args().stream().map(ServiceSpec.Word::text).toList());
        assertTrue(service.container().security().writeableSysfs());
    }

    @Test
    void aProblemNamesTheFileAndThePlaceInIt() throws Exception {
        TreeBuilder image = new TreeBuilder(0).file("manifest.yaml", 0644, ExtensionImageTest.GVISOR);
        saying(GOOD.replace("untilSuccess", "sometimes"))
                .build()
                .entries()
                .forEach(entry -> image.add(entry.withPath("rootfs/" + entry.path())));
        ExtensionImage extension = new ExtensionImage("registry.test/tool:v1", image.build(), false);
        assertEquals(
                List.of(Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot use extension registry.test/tool:v1")
                        .because("restart kind is invalid: \"sometimes\"")
                        .at(new Where.Source(
                                Path.of("/usr/local/etc/containers/tool.yaml"), 28, 10, 9, "restart: sometimes"))
                        .trying("write one of always, never, untilSuccess")),
                assertThrows(BuildException.class, () -> ExtensionImage.load(List.of(extension), version("v1.13.0")))
                        .problems());
        image.add(new dev.talosforge.tree.Entry.RegularFile(
                "rootfs/" + FILE,
                dev.talosforge.tree.Entry.Attributes.root(0644, 0),
                ByteSource.of(GOOD.replace("rootfsPropagation: shared", "privileged: true")
                        .getBytes(StandardCharsets.UTF_8))));
        assertEquals(
                List.of(Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot use extension registry.test/tool:v1")
                        .because("security has no field \"privileged\": Talos silently ignores it")
                        .at(new Where.Source(
                                Path.of("/usr/local/etc/containers/tool.yaml"), 21, 5, 10, "    privileged: true"))
                        .trying("remove it: the services of extensions have all capabilities anyway")),
                ExtensionImage.load(
                                List.of(new ExtensionImage("registry.test/tool:v1", image.build(), false)),
                                version("v1.13.0"))
                        .getFirst()
                        .warnings());
        assertEquals(
                List.of(),
                ExtensionImage.load(List.of(new ExtensionImage("official", image.build(), true)), version("v1.13.0"))
                        .getFirst()
                        .warnings());
    }

    @Test
    void refusesWhatTalosRefuses() throws Exception {
        assertEquals(
                List.of(
                        "tool.yaml:1:1+1 the service has no name -> add a line: name: NAME",
                        "tool.yaml:1:1+1 the service has no restart policy, and Talos rejects it without one"
                                + " -> add a line: restart: always",
                        "tool.yaml:1:1+1 container.entrypoint is missing: there is nothing to run"
                                + " -> set it to the path of a program in the container's root",
                        "warning no service of this extension runs in /usr/local/lib/containers/tool"
                                + " -> add /usr/local/etc/containers/tool.yaml"),
                notes(saying("depends: []\n")));
        assertEquals(
                List.of(
                        "tool.yaml:2:7+4 name \"Tool\" is invalid -> use only lower-case letters, digits, - and _",
                        "tool.yaml:5:5+1 no dependency specified"
                                + " -> write one of service, path, network, time, configuration in each item of depends",
                        "tool.yaml:6:5+31 more than a single dependency is set"
                                + " -> write one of service, path, network, time, configuration in each item of depends",
                        "tool.yaml:7:11+3 path is not absolute: \"etc\" -> start it with /",
                        "tool.yaml:8:15+2 invalid network dependency: \"up\""
                                + " -> write one of addresses, connectivity, hostname, etcfiles",
                        "tool.yaml:2:7+4 there is no folder /usr/local/lib/containers/Tool: the container of the service has no"
                                + " files -> put its root file system there, or give the service the name of its folder",
                        "warning no service of this extension runs in /usr/local/lib/containers/tool"
                                + " -> add /usr/local/etc/containers/tool.yaml"),
                notes(saying("""
                        restart: Always
                        name: Tool
                        container: {entrypoint: /usr/bin/tool}
                        depends:
                          - time: no
                          - {service: cri, path: /etc/tool}
                          - path: etc
                          - network: [up]
                        """)));
        assertEquals(
                List.of(
                        "tool.yaml:5:33+4 rootfsPropagation=open is not supported"
                                + " -> write one of private, rprivate, shared, rshared, slave, rslave, unbindable, runbindable"),
                notes(saying("""
                        name: tool
                        restart: never
                        container:
                          entrypoint: /usr/bin/tool
                          security: {rootfsPropagation: open}
                        """)));
    }

    @Test
    void reportsWhatTalosDoesNotRead() throws Exception {
        assertEquals(
                List.of(
                        "warning tool.yaml:3:1+6 a service has no field \"depend\": Talos silently ignores it"
                                + " -> did you mean \"depends\"?",
                        "warning tool.yaml:6:3+4 container has no field \"user\": Talos silently ignores it"),
                notes(saying("""
                        name: tool
                        restart: always
                        depend: []
                        container:
                          entrypoint: /usr/bin/tool
                          user: frr
                        """)));
        assertEquals(
                List.of("warning tool.yaml:1:1+1 the file has several YAML documents; Talos reads only the first"
                        + " -> write each service to a file of its own"),
                notes(saying(GOOD + "---\nname: other\n")));
        assertEquals(
                List.of("warning tool.yaml:29:15+4 Talos v1.8.3 does not support logToConsole: it was added in 1.9"),
                notes(tool(), "v1.8.3"));
        assertEquals(
                List.of(
                        "warning README:1:1+1 the name of /usr/local/etc/containers/README does not end in .yaml, and Talos reads"
                                + " no others -> move it to another folder",
                        "other.yml:1:1+1 the name of /usr/local/etc/containers/other.yml does not end in .yaml, and Talos reads no"
                                + " others -> rename it to other.yaml"),
                notes(tool().file("usr/local/etc/containers/README", 0644, "")
                        .file("usr/local/etc/containers/other.yml", 0644, GOOD)));
    }

    @Test
    void reportsWhatIsWaitedForUnsuccessfully() throws Exception {
        String service = "name: tool\nrestart: always\ncontainer: {entrypoint: /usr/bin/tool}\ndepends:\n  - service: ";
        assertEquals(
                List.of("tool.yaml:5:14+8 the service waits for itself -> remove this dependency"),
                notes(saying(service + "ext-tool\n")));
        assertEquals(
                List.of("warning tool.yaml:5:14+6 Talos has no service \"kublet\", so it would be waited for forever"
                        + " -> did you mean \"kubelet\"?"),
                notes(saying(service + "kublet\n")));
        assertEquals(
                List.of("warning tool.yaml:5:14+9 Talos has no service \"tailscale\", so it would be waited for"
                        + " forever -> the services of extensions are called ext-NAME"),
                notes(saying(service + "tailscale\n")));
        assertEquals(List.of(), notes(saying(service + "ext-tailscale\n")));
    }

    @Test
    void refusesWhatIsNoService() throws Exception {
        assertEquals(
                List.of("tool.yaml:1:1+1 the file is empty -> write a service, or remove the file", UNUSED),
                notes(saying("")));
        assertEquals(
                List.of("tool.yaml:1:5+1 not YAML: mapping values are not allowed here", UNUSED),
                notes(saying("a: b: c")));
        assertEquals(List.of("tool.yaml:1:1+1 nested deeper than 100 levels", UNUSED), notes(saying("[".repeat(200))));
        assertEquals(
                List.of(
                        "tool.yaml:2:1+4 name is in a service twice -> keep one of them",
                        "tool.yaml:4:10+5 depends is not a list",
                        "tool.yaml:6:12+3 container is not a mapping of names to values",
                        "tool.yaml:5:15+5 logToConsole is \"maybe\" -> write true or false"),
                notes(saying("""
                        name: tool
                        name: tool
                        restart: always
                        depends: never
                        logToConsole: maybe
                        container: [a]
                        """)).subList(0, 4));
        assertEquals(
                List.of("gone.yaml:1:1+1 /usr/local/etc/containers/gone.yaml is not a file"),
                notes(tool().symlink("usr/local/etc/containers/gone.yaml", "nothing")));
        assertEquals(
                List.of("tool.yaml:1:1+1 not UTF-8 text", UNUSED),
                notes(tool().file(FILE, 0644, ByteSource.of(new byte[] {(byte) 0xff}))));
    }

    private static final String UNUSED = "warning no service of this extension runs in /usr/local/lib/containers/tool"
            + " -> add /usr/local/etc/containers/tool.yaml";

    @Test
    void aNameIsTakenOnce() throws Exception {
        assertEquals(
                List.of("tool.yaml:1:7+4 /usr/local/etc/containers/a.yaml already has a service \"tool\", and Talos"
                        + " takes only that one -> rename this one"),
                notes(tool().file("usr/local/etc/containers/a.yaml", 0644, GOOD)));
    }

    @Test
    void environmentIsNameAndValue() throws Exception {
        assertEquals(
                List.of(
                        "warning tool.yaml:5:17+4 environment has \"home\", which has no value and removes the variable"
                                + " -> write HOME=VALUE",
                        "tool.yaml:5:23+2 environment has \"=x\", which has no name -> write NAME=VALUE",
                        "warning tool.yaml:6:20+5 environmentFile \"a.env\" is not absolute; it is looked up on the"
                                + " machine, not in the container -> start it with /"),
                notes(saying("""
                        name: tool
                        restart: always
                        container:
                          entrypoint: /usr/bin/tool
                          environment: [home, =x]
                          environmentFile: a.env
                        """)));
    }

    @Test
    void mountsMustBePossible() throws Exception {
        assertEquals(
                List.of("tool.yaml:6:16+5 source \"tmpfs\" is not absolute: Talos creates a folder of that name in"
                        + " its root, which is read-only, and the service fails for good -> use a place that exists, such as /run: the file system"
                        + " does not use it"),
                notes(mounting("{source: tmpfs, destination: /var, type: tmpfs}")));
        assertEquals(
                List.of("tool.yaml:6:7+38 the mount has no source, and Talos creates the folder of every source ->"
                        + " use a place that exists, such as /run: the file system does not use it"),
                notes(mounting("{destination: /var/lib, type: tmpfs  }")));
        assertEquals(
                List.of(
                        "warning tool.yaml:6:16+10 source /opt2/tool is neither in this extension nor in a writable"
                                + " place, and without it the service fails for good: it is not retried, even if the place appears later -> use a place below /var or /run, or make sure that another extension provides it"),
                notes(mounting("{source: /opt2/tool, destination: /data, options: [bind]}")));
        assertEquals(
                List.of(
                        "warning tool.yaml:6:16+9 source /var/tool is on the EPHEMERAL partition, and nothing makes the service wait for"
                                + " it: started before it is mounted, the service fails for good, and is not retried"
                                + " -> add to depends: - service: cri"),
                notes(mounting("{source: /var/tool, destination: /data, options: [bind]}")));
        assertEquals(
                List.of(
                        "warning tool.yaml:6:40+4 destination \"data\" is not absolute, and is taken as /data -> start it with /"),
                notes(mounting("{source: /run/tool, destination: data, options: [bind]}")));
        assertEquals(
                List.of(
                        "tool.yaml:6:7+37 the mount has no destination -> say where in the container it goes: destination: /PATH"),
                notes(mounting("{source: /run/tool, options: [rbind]}")));
        assertEquals(
                List.of("tool.yaml:6:40+1 a mount cannot take the place of the container's root"),
                notes(mounting("{source: /run/tool, destination: /, options: [rbind]}")));
        assertEquals(
                List.of(
                        "tool.yaml:6:40+9 /proc/sys cannot be mounted: the container's /proc is its own -> remove this mount"),
                notes(mounting("{source: /proc/sys, destination: /proc/sys, options: [rbind]}")));
        assertEquals(
                List.of(
                        "warning tool.yaml:6:35+4 every container already has its own tmpfs at /run -> remove this mount"),
                notes(mounting("{source: /tmp, destination: /run, type: tmpfs}")));
        assertEquals(
                List.of(
                        "tool.yaml:6:53+4 the type is bind, but the options contain neither bind nor rbind -> add bind to the options"),
                notes(mounting("{source: /run/tool, destination: /data, type: bind, options: [rw]}")));
        assertEquals(
                List.of(
                        "tool.yaml:6:7+39 the mount has no file system type and is not a bind mount -> add bind to the options, or write"
                                + " type: tmpfs"),
                notes(mounting("{source: /run/tool, destination: /data}")));
        assertEquals(
                List.of(
                        "tool.yaml:6:57+3 a bind mount has no option \"rwx\" -> did you mean \"rw\"?",
                        "tool.yaml:6:62+9 a bind mount has no option \"mode=0755\""),
                notes(mounting("{source: /run/tool, destination: /data, options: [rwx, mode=0755, rbind]}")).stream()
                        .map(note -> note.contains("mode=0755") ? note.replaceFirst(" -> .*", "") : note)
                        .toList());
        assertEquals(
                List.of("tool.yaml:6:70+6 a tmpfs has no option \"siz=1m\" -> did you mean \"size\"?"),
                notes(mounting("{source: /run/tool, destination: /data, type: tmpfs, options: [siz=1m]}")));
        assertEquals(
                List.of(
                        "warning tool.yaml:7:40+6 /data is mounted twice; the later mount hides the earlier one -> keep one of"
                                + " them"),
                notes(mounting("{source: /run/tool, destination: /data, options: [bind]}\n"
                        + "    - {source: /run/tool, destination: /data/, options: [bind]}")));
    }

    /** Nothing that runs is refused, and what is only hardly meant is told. */
    @Test
    void mountsOfTheMachinesMemoryNeedNoWaiting() throws Exception {
        assertEquals(List.of(), notes(mounting("{source: /var/run/tool, destination: /data, options: [bind]}")));
        assertEquals(
                List.of(), notes(mounting("{source: /usr/libexec/kubernetes/x, destination: /x, options: [bind]}")));
        assertEquals(
                List.of(
                        "warning tool.yaml:6:16+25 source /usr/libexec/kubernetes/x is neither in this extension nor"
                                + " in a writable place, and without it the service fails for good: it is not retried, even if the place appears later -> use a place below /var or /run, or make sure that another extension provides it"),
                notes(mounting("{source: /usr/libexec/kubernetes/x, destination: /x, options: [bind]}"), "v1.14.0"));
    }

    @Test
    void filesAndFoldersMeetTheirLike() throws Exception {
        assertEquals(
                List.of("tool.yaml:6:35+10 /etc/hosts is a file in the container, but source /run is a folder -> use"
                        + " a file as the source, or another destination"),
                notes(mounting("{source: /run, destination: /etc/hosts, options: [bind]}")));
        assertEquals(List.of(), notes(mounting("{source: /etc/hosts, destination: /etc/hosts, options: [bind]}")));
        assertEquals(
                List.of("tool.yaml:6:35+8 /etc/own is a file in the container, but source /run is a folder -> use a"
                        + " file as the source, or another destination"),
                notes(mounting("{source: /run, destination: /etc/own, options: [bind]}")
                        .file(ROOT + "etc/own", 0644, "x")));
        assertEquals(
                List.of(
                        "warning tool.yaml:6:40+8 /etc/own is a file in the container; if source /run/tool is"
                                + " missing, Talos creates a folder, which cannot go there -> add to depends: - path: /run/tool"),
                notes(mounting("{source: /run/tool, destination: /etc/own, options: [bind]}")
                        .file(ROOT + "etc/own", 0644, "x")));
        assertEquals(
                List.of("tool.yaml:6:41+4 /etc is a folder in the container, but source /etc/hosts is a file -> use"
                        + " a folder as the source, or another destination"),
                notes(mounting("{source: /etc/hosts, destination: /etc, options: [bind]}")
                        .file(ROOT + "etc/own", 0644, "x")));
        assertEquals(
                List.of("tool.yaml:6:35+8 /etc/own is a file; a file system cannot be mounted there"),
                notes(mounting("{source: /run, destination: /etc/own, type: tmpfs}")
                        .file(ROOT + "etc/own", 0644, "x")));
        assertEquals(
                List.of(),
                notes(mounting("{source: /opt, destination: /etc, options: [bind]}\n"
                                + "    - {source: /run, destination: /etc/own, options: [bind]}")
                        .file(ROOT + "etc/own", 0644, "x")));
    }

    @Test
    void fileSystemsAreKnownAndTakeTheirOptions() throws Exception {
        assertEquals(
                List.of(
                        "warning tool.yaml:6:57+5 Talos' kernel has no file system \"tmpfz\" built in: unless an"
                                + " extension provides it, the service is started again and again, and never runs -> did you mean \"tmpfs\"?"),
                notes(mounting("{source: /run, destination: /data, type:          tmpfz}")));
        assertEquals(
                List.of(
                        "tool.yaml:6:65+5 a tmpfs has no option \"idmap\": only bind mounts can be id-mapped -> remove it"),
                notes(mounting("{source: /run, destination: /data, type: tmpfs, options: [idmap]}")));
    }

    @Test
    void truthIsNoText() throws Exception {
        assertEquals(
                List.of(
                        "tool.yaml:7:30+3 writeableSysfs is \"yEs\" -> write true or false",
                        "tool.yaml:4:15+6 logToConsole is the string \"true\", and Talos skips a file with a string"
                                + " where it expects true or false -> write true without quotes"),
                notes(saying("""
                        name: tool
                        restart: always
                        # a comment
                        logToConsole: "true"
                        container:
                          entrypoint: /usr/bin/tool
                          security: {writeableSysfs: yEs, writeableRootfs: "yes"}
                        """)));
    }

    @Test
    void datesAreNoTextsFrom114On() throws Exception {
        TreeBuilder dated =
                running("/usr/bin/tool\n  args: [2024-01-01, \"2024-01-01\", 2024-13-01, 2024-01-01 1:2:3]");
        assertEquals(List.of(), notes(dated, "v1.13.9"));
        assertEquals(
                List.of(
                        "tool.yaml:5:10+10 an item of args is a date to the reader of Talos 1.14, which skips a file"
                                + " with one where it expects a string -> put it into quotes: \"2024-01-01\"",
                        "tool.yaml:5:48+16 an item of args is a date to the reader of Talos 1.14, which skips a file"
                                + " with one where it expects a string -> put it into quotes: \"2024-01-01 1:2:3\""),
                notes(dated, "v1.14.0"));
    }

    @Test
    void readsNullsMergesAndTheFirstDocumentAsTalosDoes() throws Exception {
        TreeBuilder merged = saying("""
                name: tool
                restart: always
                more: &more
                  entrypoint: /nowhere
                  args: [--verbose, ~]
                container:
                  <<: *more
                  entrypoint: /usr/bin/tool
                  security: {maskedPaths: ~, readonlyPaths: Null}
                ---
                ]]]
                """);
        assertEquals(
                List.of(
                        "warning tool.yaml:1:1+1 the file has several YAML documents; Talos reads only the first ->"
                                + " write each service to a file of its own",
                        "warning tool.yaml:3:1+4 a service has no field \"more\": Talos silently ignores it",
                        "warning tool.yaml:5:21+1 an item of args is null; Talos ignores it"),
                notes(merged));
        ServiceSpec.Container container =
                ExtensionServices.of(merged.build()).getFirst().container();
        assertEquals(
                List.of("--verbose"),
                container.args().stream().map(ServiceSpec.Word::text).toList());
        assertEquals(null, container.security().maskedPaths());
    }

    @Test
    void theEntryPointMustRun() throws Exception {
        String at = "tool.yaml:4:15+%d ";
        assertEquals(List.of(), notes(running("./usr/bin/tool")));
        assertEquals(List.of(), notes(running("usr/../usr/bin/tool")));
        assertEquals(
                List.of(at.formatted(9) + "entrypoint /bin/nono is not in /usr/local/lib/containers/tool"),
                notes(running("/bin/nono")));
        assertEquals(List.of(), notes(running("/bin/tool").symlink(ROOT + "bin", "usr/bin")));
        assertEquals(List.of(), notes(running("/bin/tool").symlink(ROOT + "bin", "/usr/bin")));
        assertEquals(
                List.of(at.formatted(13)
                        + "entrypoint /usr/bin/tool is not executable: its mode is 0644 -> give it mode 0755"),
                notes(running("/usr/bin/tool").file(ROOT + "usr/bin/tool", 0644, "x")));
        assertEquals(
                List.of(at.formatted(8) + "entrypoint /usr/bin is not an executable file"), notes(running("/usr/bin")));
        assertEquals(
                List.of(at.formatted(9) + "entrypoint /run/tool is hidden by the file system that is mounted at /run"),
                notes(running("/run/tool").file(ROOT + "run/tool", 0755, "#!/bin/sh\n")));
        assertEquals(
                List.of(at.formatted(4)
                        + "entrypoint tool is a name without a folder, and the service has no PATH to find it in"
                        + " -> write the full path, or PATH=… in environment"),
                notes(running("tool")));
        assertEquals(List.of(), notes(running("tool\n  environment: [PATH=/bin:/usr/bin]")));
        assertEquals(
                List.of(
                        at.formatted(4)
                                + "entrypoint tool is not in any folder of the service's PATH: /bin:/sbin -> write the full path"),
                notes(running("tool\n  environment: [PATH=/bin:/sbin]")));
    }

    @Test
    void whatIsMountedIsLookedForOnTheMachine() throws Exception {
        String bound =
                "/usr/local/bin/tool\n  mounts:\n    - {source: /usr/local/bin, destination: /usr/local/bin, options: [bind]}";
        assertEquals(List.of(WARNED_BIN), notes(running(bound)));
        assertEquals(
                List.of(
                        "tool.yaml:4:15+19 /usr/local/bin/tool is a program for arm64, but this extension is for amd64"),
                notes(running(bound)
                        .file("usr/local/bin/tool", 0755, ByteSource.of(SampleElf.program(SampleElf.ARM64)))));
        assertEquals(
                List.of("tool.yaml:4:15+9 entrypoint /opt/tool is hidden by the file system that is mounted at /opt"),
                notes(running("/opt/tool\n  mounts:\n    - {source: /run, destination: /opt, type: tmpfs}")
                        .file(ROOT + "opt/tool", 0755, "#!/bin/sh\n")));
    }

    private static final String WARNED_BIN =
            "warning tool.yaml:6:16+14 source /usr/local/bin is neither in this extension nor in a writable place,"
                    + " and without it the service fails for good: it is not retried, even if the place appears later -> use a place below /var or /run, or make sure that another extension provides it";

    @Test
    void scriptsNeedTheirInterpreter() throws Exception {
        String at = "tool.yaml:4:15+13 /usr/bin/tool ";
        TreeBuilder script = running("/usr/bin/tool").file(ROOT + "usr/bin/tool", 0755, "#! /bin/sh -e\necho\n");
        assertEquals(
                List.of(at + "is run by /bin/sh, which is not in the container or not executable"
                        + " -> add it, or use another one after #!"),
                notes(script));
        assertEquals(
                List.of(),
                notes(script.file(ROOT + "bin/sh", 0755, ByteSource.of(SampleElf.program(SampleElf.AMD64)))));
        assertEquals(
                List.of(at + "is neither a program nor a script with an interpreter line"
                        + " -> start a script with #! and the path of its interpreter"),
                notes(running("/usr/bin/tool").file(ROOT + "usr/bin/tool", 0755, "echo\n")));
        assertEquals(
                List.of(at + "is run by a script that is run by a script, and so on"),
                notes(running("/usr/bin/tool").file(ROOT + "usr/bin/tool", 0755, "#!/usr/bin/tool\n")));
    }

    private static TreeBuilder linked(String... needed) {
        return running("/usr/bin/tool")
                .file(
                        ROOT + "usr/bin/tool",
                        0755,
                        ByteSource.of(SampleElf.of(
                                SampleElf.AMD64, 3, "/lib64/ld-linux-x86-64.so.2", List.of(needed), "$ORIGIN/../own")));
    }

    private static ByteSource library(int machine, String... needed) {
        return ByteSource.of(SampleElf.of(machine, 3, null, List.of(needed), null));
    }

    @Test
    void programsNeedTheirLoaderAndLibraries() throws Exception {
        String at = "tool.yaml:4:15+13 ";
        assertEquals(
                List.of(at + "/usr/bin/tool is started by /lib64/ld-linux-x86-64.so.2, which is not in the container"
                        + " -> add the C library that it was built with, or build it statically"),
                notes(linked()));
        TreeBuilder loaded = linked("libc.so.6", "liba.so.1", "ld-linux-x86-64.so.2")
                .file(ROOT + "lib64/ld-linux-x86-64.so.2", 0755, library(SampleElf.AMD64))
                .file(ROOT + "usr/lib/x86_64-linux-gnu/libc.so.6", 0644, library(SampleElf.AMD64));
        assertEquals(
                List.of(at + "/usr/bin/tool needs the library liba.so.1, which is not in the container"
                        + " -> add the package or file that contains it"),
                notes(loaded));
        loaded.file(ROOT + "usr/own/liba.so.1", 0644, library(SampleElf.AMD64, "libb.so.2", "libc.so.6"));
        assertEquals(
                List.of(at + "/usr/own/liba.so.1 needs the library libb.so.2, which is not in the container"
                        + " -> add the package or file that contains it"),
                notes(loaded));
        assertEquals(List.of(), notes(loaded.file(ROOT + "usr/lib/tool/libb.so.2", 0644, library(SampleElf.AMD64))));
        assertEquals(
                List.of(
                        at
                                + "/usr/bin/tool is a damaged program: ELF header at offset 0 (0x0): needs 64 bytes, but the file ends at 4"),
                notes(running("/usr/bin/tool")
                        .file(ROOT + "usr/bin/tool", 0755, ByteSource.of(new byte[] {0x7f, 'E', 'L', 'F'}))));
        assertEquals(
                List.of(
                        at
                                + "/usr/bin/tool is a program for another machine (ELF machine 40), but this extension is for amd64"),
                notes(running("/usr/bin/tool")
                        .file(ROOT + "usr/bin/tool", 0755, ByteSource.of(SampleElf.program(40)))));
        assertEquals(
                List.of(at + "/usr/bin/tool is neither a program nor a library"),
                notes(running("/usr/bin/tool")
                        .file(
                                ROOT + "usr/bin/tool",
                                0755,
                                ByteSource.of(SampleElf.of(SampleElf.AMD64, 1, null, List.of(), null)))));
    }

    @Test
    void whatMuslIsItselfIsNotLookedFor() throws Exception {
        TreeBuilder musl = running("/usr/bin/tool")
                .file(
                        ROOT + "usr/bin/tool",
                        0755,
                        ByteSource.of(SampleElf.of(
                                SampleElf.AMD64,
                                3,
                                "/lib/ld-musl-x86_64.so.1",
                                List.of("libc.musl-x86_64.so.1"),
                                null)))
                .file(ROOT + "lib/ld-musl-x86_64.so.1", 0755, library(SampleElf.AMD64));
        assertEquals(List.of(), notes(musl));
    }

    @Test
    void aContainerWithoutServiceIsReported() throws Exception {
        assertEquals(
                List.of("warning no service of this extension runs in /usr/local/lib/containers/other"
                        + " -> add /usr/local/etc/containers/other.yaml"),
                notes(tool().directory("usr/local/lib/containers/other", 0755)));
    }

    /** Many errors are cut off, and what is fatal is never lost behind warnings. */
    @Test
    void manyNotesAreLimited() throws Exception {
        StringBuilder many = new StringBuilder(GOOD.replace("untilSuccess", "maybe"));
        for (int i = 0; i < 100; i++) {
            many.append("unknown").append(i).append(": x\n");
        }
        List<String> notes = notes(saying(many.toString()));
        assertEquals(51, notes.size());
        assertEquals(
                "tool.yaml:28:10+5 restart kind is invalid: \"maybe\" -> write one of always, never, untilSuccess",
                notes.getLast());
    }

    @Test
    void damagedFilesEndInNotes() {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        BrokenInput.feed(
                good,
                1,
                good.length,
                (ByteSource source) -> ExtensionServices.check(
                        tool().file(FILE, 0644, source).build(), version("v1.13.0"), Architecture.AMD64));
    }
}
