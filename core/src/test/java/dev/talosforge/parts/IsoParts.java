package dev.talosforge.parts;

import dev.talosforge.bytes.ByteSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A boot ISO as xorriso and mtools see it, and the boot image on it. */
public final class IsoParts {
    private static final int BLOCK = 2048;

    /** Of the boot sector: GRUB's program, and where in it the number of its own block stands. */
    private static final int BOOT_CODE = 440;

    private static final int BOOT_BLOCK = 432;

    private static final Pattern REPORTED = Pattern.compile("([A-Za-z][^:]*?) *: +(.*)");
    private static final Pattern LISTED = Pattern.compile("(\\S+) +\\d+ (\\d+) +(\\d+) +(\\d+) .*? '/?(.*)'");
    private static final Pattern ESP_BLOCK = Pattern.compile("(?m)^El Torito boot img +: +\\d+ +UEFI .* (\\d+)$");
    private static final Pattern ESP_VALUE = Pattern.compile("([^:=]*?) *[:=] *(.*)");

    /** Files of GRUB's own, which the other one has inside its program. */
    private static final Pattern GRUBS_OWN = Pattern.compile("boot/grub/(i386-pc|fonts|locale|roms)/.*");

    private final Path iso;
    private final Path scratch;
    private final Parts parts;
    private final FieldTool xorriso = FieldTool.of("xorriso", "xorriso");

    private IsoParts(Path iso, Path scratch, Parts parts) {
        this.iso = iso;
        this.scratch = scratch;
        this.parts = parts;
    }

    public static Parts of(Path iso, Path folder) throws IOException, InterruptedException {
        Parts parts = new Parts();
        IsoParts reader = new IsoParts(iso, Files.createTempDirectory(folder, "iso"), parts);
        reader.partition(reader.medium());
        reader.files();
        return parts;
    }

    /** Labels, boot catalog and partition tables; gives where the EFI system partition begins, in blocks. */
    private long medium() throws IOException, InterruptedException {
        String report = xorriso.output(
                "-indev", iso.toString(), "-pvd_info", "-report_el_torito", "plain", "-report_system_area", "plain");
        for (String line : report.lines().toList()) {
            Matcher matcher = REPORTED.matcher(line + " ");
            if (matcher.matches() && !matcher.group(1).equals("Drive current")) {
                parts.putNext(
                        "medium/" + matcher.group(1), matcher.group(2).strip().replaceAll(" +", " "));
            }
        }
        byte[] code = ByteSource.of(iso).read("boot sector", 0, BOOT_CODE);
        Arrays.fill(code, BOOT_BLOCK, BOOT_CODE, (byte) 0);
        parts.put("medium/boot sector's program", parts.content(ByteSource.of(code)));
        Matcher start = ESP_BLOCK.matcher(report);
        if (!start.find()) {
            throw new AssertionError("nothing that UEFI starts: " + report);
        }
        return Long.parseLong(start.group(1));
    }

    private void partition(long block) throws IOException, InterruptedException {
        String image = iso + "@@" + block * BLOCK;
        for (String line : FieldTool.of("minfo", "mtools").lines("-i", image, "::")) {
            Matcher matcher = ESP_VALUE.matcher(line);
            if (matcher.matches()
                    && !matcher.group(1).isEmpty()
                    && !line.contains("filename")
                    && !line.contains("mformat")) {
                parts.put("partition/" + matcher.group(1), matcher.group(2));
            }
        }
        for (String line : FieldTool.of("mattrib", "mtools").lines("-i", image, "-/", "::")) {
            int at = line.indexOf("::/");
            parts.put(
                    "partition/" + line.substring(at + 2) + ", attributes",
                    line.substring(0, at).strip());
        }
        Path files = Files.createDirectory(scratch.resolve("partition"));
        FieldTool.of("mcopy", "mtools").output("-s", "-n", "-m", "-i", image, "::/", files.toString());
        List<Path> all;
        try (Stream<Path> walked = Files.walk(files)) {
            all = walked.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : all) {
            ByteSource content = ByteSource.of(file);
            String path = files.relativize(file).toString();
            if (path.matches("EFI/Linux/.*")) {
                UkiParts.of("uki", content, scratch, parts);
                parts.call(content, "uki");
            }
            parts.put("partition/" + path, parts.textOrContent(content));
            parts.put(
                    "partition/" + path + ", time",
                    Files.getLastModifiedTime(file).toInstant());
        }
    }

    private void files() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("-osirrox", "on", "-indev", iso.toString()));
        List<String[]> listed = new ArrayList<>();
        for (String line : xorriso.lines("-indev", iso.toString(), "-find", "/", "-exec", "lsdl")) {
            Matcher matcher = LISTED.matcher(line);
            if (!matcher.matches()) {
                throw new AssertionError("not a line of xorriso's listing: " + line);
            }
            String path = matcher.group(5);
            listed.add(new String[] {path, matcher.group(1), matcher.group(2) + ":" + matcher.group(3)});
            if (line.startsWith("-") && !GRUBS_OWN.matcher(path).matches()) {
                command.addAll(List.of(
                        "-extract",
                        "/" + path,
                        scratch.resolve("f" + listed.size()).toString()));
            }
        }
        xorriso.output(command.toArray(String[]::new));
        for (int i = 0; i < listed.size(); i++) {
            Path file = scratch.resolve("f" + (i + 1));
            String[] entry = listed.get(i);
            parts.put("files/" + entry[0] + ", mode", entry[1] + " " + entry[2]);
            if (Files.exists(file)) {
                parts.put("files/" + entry[0], parts.textOrContent(ByteSource.of(file)));
            }
        }
    }
}
