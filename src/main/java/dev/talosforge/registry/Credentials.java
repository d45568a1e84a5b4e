package dev.talosforge.registry;

/** What proves who we are. Never shown. */
public sealed interface Credentials {
    /** Nobody in particular. */
    record Anonymous() implements Credentials {}

    /** A name and a password, or a token in its place. */
    record Login(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "Login[" + user + ", ***]";
        }
    }

    /** A token that is exchanged for others. */
    record RefreshToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "RefreshToken[***]";
        }
    }

    /** A token that the registry itself takes. */
    record AccessToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "AccessToken[***]";
        }
    }

    static Credentials anonymous() {
        return new Anonymous();
    }
}
