package dev.talosforge.cli.command.images;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImagesOnDisk;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.TagOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "tags",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the tags of a repository, one per line: names first, then versions, the newest last.",
            "A tag or digest in REF is ignored. For a layout or an archive on disk, lists its names."
        },
        footer = {
            "",
            "Examples:",
            "  talos-forge tags ghcr.io/siderolabs/imager",
            "  talos-forge tags ghcr.io/acme/frr-talos-extension --json"
        })
public final class TagsCommand extends ForgeCommand {
    private static final int FORMAT = 1;

    @Parameters(
            paramLabel = "REF",
            description = "An image reference, oci:DIR, oci-archive:FILE or docker-archive:FILE.")
    String reference = "";

    public TagsCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        ImagePlace place = place(session);
        List<String> tags = tags(session, place).stream().sorted(new TagOrder()).toList();
        if (session.json()) {
            session.print(Json.object()
                    .put("format", FORMAT)
                    .put("name", place.name())
                    .put("tags", Json.ofTexts(tags))
                    .build()
                    .compact());
        } else {
            tags.forEach(session::print);
        }
        return 0;
    }

    private ImagePlace place(Session session) {
        try {
            return ImagePlace.parse(reference, session.directory());
        } catch (IllegalArgumentException e) {
            throw BadOption.invalid("cannot list the tags of " + reference, String.valueOf(e.getMessage()));
        }
    }

    private List<String> tags(Session session, ImagePlace place) throws Exception {
        return switch (place) {
            case ImagePlace.InRegistry registry -> session.registries().tags(registry.reference());
            case ImagePlace.OnDisk disk -> names(session, disk);
        };
    }

    private List<String> names(Session session, ImagePlace.OnDisk place) throws IOException {
        String what = "cannot list the names in " + reference;
        if (!Files.exists(place.path())) {
            throw BadOption.invalid(what, "there is no " + place.path());
        }
        try {
            return ImagesOnDisk.open(place, session.context()::keep).index().manifests().stream()
                    .map(entry -> entry.annotations().get(Descriptor.REF_NAME))
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
        } catch (dev.talosforge.bytes.FormatException e) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.BAD_ARTIFACT, what).because(String.valueOf(e.getMessage())), e);
        }
    }
}
