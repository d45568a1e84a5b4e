package dev.talosforge.problem;

/** How a front end words a remedy for its own users. Thread-safe. */
@FunctionalInterface
public interface Wording {
    String of(Remedy remedy);

    /** Like {@link #of}, for an option without a value. */
    default String of(RunOption option) {
        return of(new Remedy.Give(option, null));
    }

    /** Uses the names of this package, which are not those of any command line. */
    static Wording plain() {
        return Object::toString;
    }
}
