package dev.talosforge.registry;

/** Proof of identity. Never shown. */
public sealed interface Credentials {
    /** No credentials. */
    record Anonymous() implements Credentials {}

    /** A user name with a password or a token. */
    record Login(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "Login[" + user + ", ***]";
        }
    }

    /** A token to exchange for others. */
    record RefreshToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "RefreshToken[***]";
        }
    }

    /** A token that the registry itself accepts. */
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
