package dev.talosforge.cli;

import dev.talosforge.engine.Events;
import dev.talosforge.engine.Store;
import dev.talosforge.pipeline.Forge;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextFactory;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.RegistryClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One command: what it works with, what it says, and the product that does the work. */
public final class Session {
    private final Global global;
    private final Console console;
    private final RunEnvironment environment;
    private final ContextFactory contexts;
    private @Nullable Forge forge;

    private Session(Surroundings surroundings, Global global) {
        this.global = global;
        this.console = new Console(surroundings, global);
        this.environment = RunEnvironment.of(surroundings.environment(), global);
        this.contexts = new ContextFactory(environment.context(console.events()));
        surroundings.opened().add(contexts, contexts::close);
    }

    public static Session open(Surroundings surroundings, Global global) {
        return new Session(surroundings, global);
    }

    public boolean json() {
        return global.json;
    }

    boolean verbose() {
        return global.verbose;
    }

    public SortedMap<String, String> environment() {
        return new TreeMap<>(environment.environment());
    }

    /** The folder that the command works in, absolute; it may be one that a stack makes, which is nowhere on the disk. */
    public Path directory() {
        return directory(Path.of(""));
    }

    /** A folder that a command names, from the one that it works in, absolute. */
    Path directory(Path named) {
        return environment.directory(named);
    }

    /** Whether there is such a folder, on the disk or as a stack makes it. */
    boolean isFolder(Path folder) {
        return environment.isFolder(folder);
    }

    boolean isUnit(Path folder) {
        return environment.isUnit(folder);
    }

    /** Made when it is first asked for: looking at a tree needs no network. */
    public Forge forge() throws IOException {
        Forge made = forge;
        if (made == null) {
            made = new Forge(context(), runSettings());
            forge = made;
        }
        return made;
    }

    RunSettings runSettings() {
        return environment.run();
    }

    Path storeFolder() {
        return contexts.settings().storeFolder();
    }

    public BuildContext context() throws IOException {
        return contexts.context();
    }

    /** With a store of its own. */
    BuildContext context(Path folder) throws IOException {
        return contexts.context(folder);
    }

    Store store() throws IOException {
        return contexts.store();
    }

    RegistryClient registries() throws IOException {
        return contexts.registries();
    }

    public Events events() {
        return console.events();
    }

    public void print(String text) {
        console.print(text);
    }

    void printRaw(String text) {
        console.printRaw(text);
    }

    void printPart(String text) {
        console.printPart(text);
    }

    void error(String text) {
        console.error(text);
    }

    int tell(UnitResult result, int code) {
        return console.tell(result, code);
    }

    int tell(List<Problem> problems, int code) {
        return console.tell(problems, code);
    }

    void clear() {
        console.clear();
    }

    void warn(LintFinding finding) {
        console.warn(finding);
    }
}
