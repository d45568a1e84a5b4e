package dev.talosforge.pipeline.inputs;

import dev.talosforge.debian.PackageRequest;
import dev.talosforge.extension.Source;
import dev.talosforge.extension.ToolRoot;
import java.util.ArrayList;
import java.util.List;

/** What an extension's sources request from Debian's archive. */
public final class PackageRequests {
    private final String extension;

    public PackageRequests(String extension) {
        this.extension = extension;
    }

    /** Each once, in the order of the sources. */
    public List<PackageRequest> all(List<Source.Item> sources) {
        List<PackageRequest> requests = new ArrayList<>();
        for (Source.Item item : sources) {
            switch (item.source()) {
                case Source.Packages packages -> requests.add(of(packages));
                case Source.Build build -> {
                    requests.add(tools(build));
                    requests.addAll(all(build.sources()));
                }
                case Source.Image _, Source.Folder _, Source.Texts _, Source.Archive _, Source.Download _ -> {}
            }
        }
        return requests.stream().distinct().toList();
    }

    /** Files for a container. */
    public PackageRequest of(Source.Packages source) {
        return PackageRequest.closure(name(source.names()), source.names().toArray(String[]::new));
    }

    /** Programs that a build is run with. */
    public PackageRequest tools(Source.Build build) {
        return PackageRequest.tools(
                name(build.tools()) + " (build)",
                ToolRoot.packages(build.tools(), !build.patches().isEmpty()));
    }

    private String name(List<String> packages) {
        return "%s: %s".formatted(extension, String.join(", ", packages));
    }
}
