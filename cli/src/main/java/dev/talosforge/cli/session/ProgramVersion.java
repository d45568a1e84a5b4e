package dev.talosforge.cli.session;

import picocli.CommandLine.IVersionProvider;

/** The version of this program, from its jar. */
public final class ProgramVersion implements IVersionProvider {
    public static String text() {
        return "talos-forge " + number();
    }

    public static String number() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
