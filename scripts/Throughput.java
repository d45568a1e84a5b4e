import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Pauses;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.registry.Credentials;
import dev.talosforge.registry.RegistryClient;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.registry.Resolved;
import dev.talosforge.registry.TagPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One transfer and nothing else, for registry-bench.sh: make LAYOUT LAYERS MIB, push LAYOUT REFERENCE, pull REFERENCE
 * LAYOUT, both.
 */
final class Throughput {
    private Throughput() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "make" ->
                make(Path.of(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]) << 20);
            case "push" -> push(OciLayout.open(Path.of(arguments[1])), ImageReference.parse(arguments[2]));
            case "pull" -> pull(ImageReference.parse(arguments[1]), OciLayout.create(Path.of(arguments[2])));
            case "both" -> {
                push(OciLayout.open(Path.of(arguments[1])), ImageReference.parse(arguments[2]));
                pull(ImageReference.parse(arguments[2]), OciLayout.create(Path.of(arguments[3])));
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Layers of noise that call themselves gzip, so that nobody compresses or looks at them. */
    private static void make(Path directory, int layers, int size) throws Exception {
        OciLayout layout = OciLayout.create(directory);
        List<Descriptor> made = new ArrayList<>();
        byte[] noise = new byte[size];
        Random random = new Random(4);
        for (int i = 0; i < layers; i++) {
            random.nextBytes(noise);
            made.add(layout.put(MediaType.OCI_LAYER_GZIP, noise));
        }
        ImageConfig config = ImageConfig.of(
                Platform.linux("amd64"),
                "2023-11-14T22:13:20Z",
                made.stream().map(Descriptor::digest).toList());
        Manifest manifest = Manifest.of(layout.put(MediaType.OCI_CONFIG, config.toBytes()), made);
        layout.add(layout.put(MediaType.OCI_MANIFEST, manifest.toBytes())
                .withPlatform(Platform.linux("amd64"))
                .withAnnotation(Descriptor.REF_NAME, "v1"));
    }

    private static void push(OciLayout layout, ImageReference target) throws Exception {
        try (HttpTransport transport = new HttpTransport(TransportSettings.usual())) {
            Descriptor top = layout.index().manifests().getFirst();
            client(transport).push(target, top, layout, List.of(), TagPolicy.MOVE);
        }
    }

    private static void pull(ImageReference source, OciLayout into) throws Exception {
        try (HttpTransport transport = new HttpTransport(TransportSettings.usual())) {
            Resolved resolved = client(transport).pull(source, Platform.linux("amd64"), into::blob);
            into.put(resolved.selected(), resolved.manifestBytes());
            into.add(resolved.selected());
        }
    }

    private static RegistryClient client(HttpTransport transport) {
        return new RegistryClient(
                transport,
                new Retries(RetryPolicy.usual(), Pauses.sleeping(), () -> 0.5),
                RegistrySettings.none(),
                host -> Credentials.anonymous());
    }
}
