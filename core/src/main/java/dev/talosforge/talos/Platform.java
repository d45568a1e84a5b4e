package dev.talosforge.talos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a machine runs: which kernel arguments it needs, and who configures it. */
public enum Platform {
    METAL("metal"),
    NOCLOUD("nocloud"),
    AKAMAI("akamai"),
    ALIBABACLOUD("alibabacloud"),
    AWS("aws"),
    AZURE("azure"),
    CLOUDSTACK("cloudstack"),
    CONTAINER("container"),
    DIGITAL_OCEAN("digital-ocean"),
    EQUINIX_METAL("equinixMetal"),
    EXOSCALE("exoscale"),
    GCP("gcp"),
    HCLOUD("hcloud"),
    OPENNEBULA("opennebula"),
    OPENSTACK("openstack"),
    ORACLE("oracle"),
    SCALEWAY("scaleway"),
    UPCLOUD("upcloud"),
    VMWARE("vmware"),
    VULTR("vultr");

    private static final String IFNAMES = "net.ifnames=0";
    private static final String NO_DASHBOARD = "talos.dashboard.disabled=1";
    private static final String NO_KEXEC = "sysctl.kernel.kexec_load_disabled=1";
    private static final String EARLY_PRINTK = "earlyprintk=ttyS0,115200";
    private static final String PACKET = "packet";

    private final String label;

    Platform(String label) {
        this.label = label;
    }

    /** By its {@link #label}, or by the older name {@code packet}; null if there is none. */
    public static @Nullable Platform of(String label) {
        for (Platform platform : values()) {
            if (platform.label.equals(label)) {
                return platform;
            }
        }
        return label.equals(PACKET) ? EQUINIX_METAL : null;
    }

    /** As in {@code talos.platform=}. */
    public String label() {
        return label;
    }

    /** Whether a version of Talos starts on it: others do not know where to get their configuration. */
    public boolean isKnownTo(TalosVersion version) {
        return this != ALIBABACLOUD || version.atLeast(1, 14, 0);
    }

    /** In their order on the command line. */
    public List<String> arguments(Architecture architecture, TalosVersion version) {
        boolean arm64 = architecture == Architecture.ARM64;
        return switch (this) {
            case METAL -> metal(arm64, version);
            case NOCLOUD, OPENSTACK, HCLOUD, CLOUDSTACK, EXOSCALE, OPENNEBULA, ALIBABACLOUD -> serial();
            case AWS -> version.atLeast(1, 14, 0) ? with(serial(), "nvme_core.io_timeout=4294967295") : serial();
            case ORACLE, SCALEWAY -> with(serial(), NO_DASHBOARD);
            case AKAMAI, DIGITAL_OCEAN -> List.of("console=ttyS0", "console=tty0", "console=tty1", IFNAMES);
            case GCP -> List.of("console=ttyS0", IFNAMES, NO_DASHBOARD, NO_KEXEC);
            case AZURE ->
                List.of("console=ttyS0,115200n8", EARLY_PRINTK, "rootdelay=300", IFNAMES, NO_DASHBOARD, NO_KEXEC);
            case UPCLOUD, VULTR -> List.of(IFNAMES);
            case VMWARE -> vmware(arm64, version);
            case EQUINIX_METAL -> List.of(arm64 ? "console=ttyAMA0,115200" : "console=ttyS1,115200n8");
            case CONTAINER -> List.of();
        };
    }

    private static List<String> metal(boolean arm64, TalosVersion version) {
        if (arm64) {
            return List.of("console=ttyAMA0", "console=tty0");
        }
        return version.atLeast(1, 8, 0) ? List.of("console=tty0") : List.of("console=ttyS0", "console=tty0");
    }

    private static List<String> vmware(boolean arm64, TalosVersion version) {
        if (!arm64) {
            return List.of("talos.config=guestinfo", "console=tty0", "console=ttyS0", EARLY_PRINTK, IFNAMES);
        }
        return version.atLeast(1, 11, 1)
                ? List.of("talos.config=guestinfo", "console=tty0", "console=ttyAMA0", IFNAMES)
                : List.of();
    }

    private static List<String> serial() {
        return List.of("console=tty1", "console=ttyS0", IFNAMES);
    }

    private static List<String> with(List<String> arguments, String last) {
        List<String> all = new java.util.ArrayList<>(arguments);
        all.add(last);
        return List.copyOf(all);
    }
}
