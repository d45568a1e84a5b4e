package dev.talosforge.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this program, from its jar. */
final class ProgramVersion implements IVersionProvider {
    static String text() {
        return "talos-forge " + number();
    }

    static String number() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
