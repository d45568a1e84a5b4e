package dev.talosforge.lab;

import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.iso9660.IsoLabels;
import dev.talosforge.format.iso9660.IsoLayout;
import dev.talosforge.format.iso9660.IsoPlan;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The drive from which Talos' nocloud platform reads a machine's configuration: a CD with the label {@code cidata}, as
 * defined by cloud-init. The same files give the same bytes.
 *
 * @param metaData host name and the like, YAML
 * @param userData the machine configuration; null if there is none
 * @param networkConfig version 1 or 2, YAML; null leaves every network card to DHCP
 */
public record CloudInitDrive(
        ByteSource metaData,
        @Nullable ByteSource userData,
        @Nullable ByteSource networkConfig) {
    /** Writes the image, replacing the file. */
    public void write(Path image) throws IOException {
        TreeBuilder files = new TreeBuilder(StandIns.MODIFIED).file("meta-data", 0644, metaData);
        if (networkConfig != null) {
            files.file("network-config", 0644, networkConfig);
        }
        if (userData != null) {
            files.file("user-data", 0644, userData);
        }
        IsoPlan plan = IsoPlan.of(files.build(), new IsoLabels("CIDATA", "", "", "TALOS FORGE", ""), StandIns.MODIFIED);
        try (OutputStream out = Files.newOutputStream(image)) {
            ByteSink.over(out).copy(IsoLayout.of(plan).image()).flush();
        }
    }
}
