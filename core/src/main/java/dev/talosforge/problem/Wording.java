package dev.talosforge.problem;

/** How a front end says what can be done, in the way in which its own users do it. Safe for many threads. */
@FunctionalInterface
public interface Wording {
    String of(Remedy remedy);

    /** As {@link #of}, of an option without a value. */
    default String of(RunOption option) {
        return of(new Remedy.Give(option, null));
    }

    /** Names things as they are named here, which is nobody's command line. */
    static Wording plain() {
        return Object::toString;
    }
}
