package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Parallel;
import dev.talosforge.net.Retries;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pulls from and pushes to registries. Thread-safe. Failures are {@link BuildException}s that explain themselves, with
 * one problem for each server that was tried.
 */
public final class RegistryClient {
    private final Servers servers;
    private final Wire wire;

    public RegistryClient(
            HttpTransport transport, Retries retries, RegistrySettings settings, CredentialSource credentials) {
        this.servers = new Servers(settings);
        this.wire = new Wire(transport, retries, new Authorizer(credentials));
    }

    /** What the reference's tag or digest names now; null if it names nothing. */
    public @Nullable Sha256 digest(ImageReference reference) throws InterruptedException {
        String what = "cannot look up " + reference;
        return servers.pulling(
                what, reference, line -> new ManifestFetch(wire, line, reference, what).digest(reference.selector()));
    }

    /** Resolves a name to the manifest for a platform, checking every document's digest. */
    public Resolved resolve(ImageReference reference, Platform platform) throws InterruptedException {
        String what = "cannot resolve " + reference;
        return servers.found(what, reference, line -> new ManifestFetch(wire, line, reference, what).resolve(platform));
    }

    /**
     * The repository's tags in the registry's order, without those that stand for its API of referrers; the reference's
     * own tag is ignored.
     */
    public List<String> tags(ImageReference reference) throws InterruptedException {
        String what = "cannot list the tags of " + reference.name();
        return servers.found(what, reference, line -> new TagList(wire, line, reference, what).all()).stream()
                .filter(tag -> !ReferrerTag.is(tag))
                .toList();
    }

    /**
     * Pulls one blob to a file, which appears only once it is complete and right.
     *
     * @param reference names the repository
     */
    public void pullBlob(ImageReference reference, Descriptor blob, Path target) throws InterruptedException {
        String what = "cannot pull %s of %s".formatted(blob.digest(), reference);
        servers.found(what, reference, line -> {
            new BlobPull(wire, line, reference, what).to(blob, target);
            return blob;
        });
    }

    /**
     * Resolves a reference and pulls its configuration and layers in parallel.
     *
     * @param place the final path of a blob; an existing file of the right size counts as the blob
     */
    public Resolved pull(ImageReference reference, Platform platform, Function<Sha256, Path> place)
            throws InterruptedException {
        Resolved resolved = resolve(reference, platform);
        SequencedMap<Sha256, Descriptor> blobs = new LinkedHashMap<>();
        resolved.manifest().layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
        blobs.putIfAbsent(
                resolved.manifest().config().digest(), resolved.manifest().config());
        List<Parallel.Task> tasks = new ArrayList<>();
        for (Descriptor blob : blobs.values()) {
            Path target = place.apply(blob.digest());
            tasks.add(() -> {
                if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) || Files.size(target) != blob.size()) {
                    pullBlob(resolved.reference(), blob, target);
                }
            });
        }
        try {
            Parallel.untilFirstFailure(tasks);
        } catch (IOException e) {
            throw new BuildException(
                    Problem.failed(Kind.ENVIRONMENT, "cannot pull " + reference)
                            .because(String.valueOf(e.getMessage())),
                    e);
        }
        return resolved;
    }

    /** What happens between an image's arrival and its tag. */
    @FunctionalInterface
    public interface BeforeTag {
        void run() throws InterruptedException;
    }

    /**
     * Publishes an image or an index. The tag is set last, once everything it leads to is there.
     *
     * @param target with a tag; without one, the image can only be pulled by digest
     * @param mountFrom repositories of the same registry that may have some of the blobs
     */
    public Pushed push(ImageReference target, Descriptor top, Blobs from, List<String> mountFrom, TagPolicy policy)
            throws InterruptedException {
        return push(target, top, from, mountFrom, policy, null);
    }

    /**
     * Publishes like {@link #push(ImageReference, Descriptor, Blobs, List, TagPolicy)}.
     *
     * @param beforeTag runs when the image can be pulled by its digest, and its tag has not moved yet; null for nothing
     */
    public Pushed push(
            ImageReference target,
            Descriptor top,
            Blobs from,
            List<String> mountFrom,
            TagPolicy policy,
            @Nullable BeforeTag beforeTag)
            throws InterruptedException {
        String what = "cannot push " + target;
        return servers.pushing(what, target, line -> {
            Sha256 before =
                    target.tag() == null ? null : new ManifestFetch(wire, line, target, what).digest(target.tag());
            if (before != null && !before.equals(top.digest()) && policy == TagPolicy.KEEP) {
                throw new BuildException(Problem.failed(Kind.REFUSED, what)
                        .because("the tag %s names %s, and would name %s".formatted(target.tag(), before, top.digest()))
                        .trying("choose another tag, or allow this one to move"));
            }
            boolean named = top.digest().equals(before); // some repositories do not accept a tag twice
            ImagePush push = new ImagePush(wire, line, target, what);
            push.content(top, named, from, mountFrom);
            if (beforeTag != null && !named) {
                push.top(top, null, false, from);
            }
            if (beforeTag != null) {
                beforeTag.run();
            }
            try {
                push.top(top, target.tag(), named, from);
            } catch (BuildException e) {
                throw before == null || named ? e : RegistryErrors.tagKept(e, target, before, top.digest());
            }
            return new Pushed(target.withDigest(top.digest()), before);
        });
    }

    /**
     * The manifests of one type that describe another one, each once.
     *
     * @param repository where it is; tag and digest are ignored
     */
    public List<Descriptor> referrers(ImageReference repository, Sha256 subject, String artifactType)
            throws InterruptedException {
        String what = "cannot list what describes %s of %s".formatted(subject, repository.name());
        List<Descriptor> found = servers.pulling(what, repository, line -> {
            List<Descriptor> listed = new ReferrerList(wire, line, repository, what, subject).of(artifactType);
            return listed.isEmpty() ? null : listed; // another endpoint may know more
        });
        return found == null ? List.of() : found;
    }

    /**
     * Adds a manifest that describes another one, its subject, which is there already. Nothing is added twice.
     *
     * @param repository where the subject is; tag and digest are ignored
     * @param from what the manifest names, except the empty blob
     */
    public void attach(ImageReference repository, Manifest manifest, Blobs from) throws InterruptedException {
        String what = "cannot attach %s to %s".formatted(manifest.kind(), repository.name());
        servers.pushing(what, repository, line -> {
            new Attachment(wire, line, repository, what).add(manifest, from);
            return manifest;
        });
    }

    /**
     * Sets another tag on what was pushed to the same repository.
     *
     * @param before what the tag names now, if known
     */
    public void tag(ImageReference target, Descriptor top, Blobs from, @Nullable Sha256 before)
            throws InterruptedException {
        String what = "cannot push " + target;
        String tag = target.tag();
        if (tag == null) {
            throw Servers.nowhere(what, target);
        }
        servers.pushing(what, target, line -> {
            try {
                new ImagePush(wire, line, target, what).tag(top, tag, from);
                return tag;
            } catch (BuildException e) {
                throw before == null ? e : RegistryErrors.tagKept(e, target, before, top.digest());
            }
        });
    }

    /** Fails if the credentials may not push there. Starts and cancels an upload; no content is sent. */
    public void checkPush(ImageReference target) throws InterruptedException {
        String what = "cannot push to " + target.name();
        servers.pushing(what, target, line -> {
            new PushCheck(wire, line, target, what).run();
            return what;
        });
    }

    /**
     * Publishes one image for each platform under one name: the images, then an index of them, then the tag.
     *
     * @param images manifests, each with its platform, in the order of the index
     */
    public Pushed pushIndex(
            ImageReference target, List<Descriptor> images, Blobs from, List<String> mountFrom, TagPolicy policy)
            throws InterruptedException {
        if (images.isEmpty() || images.stream().anyMatch(image -> image.platform() == null)) {
            throw new IllegalArgumentException("the images of an index need platforms");
        }
        byte[] bytes = Index.of(images).toBytes();
        Descriptor top = Descriptor.of(MediaType.OCI_INDEX, bytes);
        return push(
                target,
                top,
                wanted -> wanted.digest().equals(top.digest()) ? ByteSource.of(bytes) : from.get(wanted),
                mountFrom,
                policy);
    }
}
