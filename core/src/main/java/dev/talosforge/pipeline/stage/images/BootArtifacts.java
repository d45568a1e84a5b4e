package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.BlockCompressor;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.engine.Store;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.UkiAssembler;
import dev.talosforge.oci.Layer;
import dev.talosforge.oci.LayerWriter;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.image.BootFiles;
import dev.talosforge.talos.image.BootIso;
import dev.talosforge.talos.image.EfiProgram;
import dev.talosforge.talos.image.GrubConfig;
import dev.talosforge.talos.image.InstallerImage;
import dev.talosforge.talos.image.UkiSections;
import dev.talosforge.talos.kernel.KernelFile;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one kernel and one initramfs become: the installer's layer and the ISO, which may be built at the same time.
 *
 * @param initramfs with the extensions in it
 * @param created time of everything, in seconds since the epoch
 */
record BootArtifacts(
        Store store,
        ImagesInputs inputs,
        Architecture architecture,
        ImagerFiles imager,
        ByteSource initramfs,
        long created) {
    /** As imager aligns sections; only the ISO's UKI needs more. */
    private static final int USUAL_ALIGNMENT = 512;

    private PeImage uki(boolean installer, int fileAlignment) throws IOException {
        try {
            KernelFile kernel = KernelFile.read(imager.kernel(), architecture);
            UkiSections sections = new UkiSections(
                    inputs.version(),
                    inputs.commandLine(architecture, installer ? OutputKind.INSTALLER : OutputKind.ISO)
                            .line(),
                    kernel.version(),
                    null,
                    imager.kernel(),
                    initramfs);
            return UkiAssembler.assemble(
                    EfiProgram.read("systemd-stub.efi", imager.stub(), architecture),
                    sections.of(installer ? OutputKind.INSTALLER : OutputKind.ISO),
                    fileAlignment,
                    created);
        } catch (FormatException e) {
            throw ImagerFiles.unusable(
                    "cannot build a boot image from " + inputs.images().imager(), e);
        }
    }

    /** Writes the installer's artifacts layer into the store. */
    Layer installerLayer() throws IOException {
        FileTree files = InstallerImage.artifacts(
                architecture, imager.bootLoader(), uki(true, USUAL_ALIGNMENT).bytes(), created);
        Path file = store.temporaryFile();
        try {
            // Kernel and initramfs are already compressed: stored blocks cost a percent or two of size and no time.
            Layer layer = LayerWriter.gzip(Gzip::stored).write(files, file);
            store.adopt(file, layer.descriptor().digest());
            return layer;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The ISO, as a view. */
    ByteSource iso(BlockCompressor lzma) throws IOException {
        try {
            String commandLine =
                    inputs.commandLine(architecture, OutputKind.ISO).line();
            return BootIso.of(
                    new BootIso.Contents(
                            inputs.version(),
                            architecture,
                            uki(false, BootIso.ALIGNMENT),
                            imager.bootLoader(),
                            imager.grub(),
                            GrubConfig.of(commandLine, inputs.version()),
                            BootFiles.loaderConf(),
                            created),
                    lzma);
        } catch (FormatException e) {
            throw ImagerFiles.unusable(
                    "cannot build an ISO from " + inputs.images().imager(), e);
        }
    }
}
