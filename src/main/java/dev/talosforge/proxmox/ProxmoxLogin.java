package dev.talosforge.proxmox;

import java.util.regex.Pattern;

/** Credentials. No form of them ever prints its secret. */
public sealed interface ProxmoxLogin {
    /** User with realm, for the tokens as well: {@code iso@pve}. */
    String user();

    /** For messages: {@code token iso@pve!ci}. */
    default String named() {
        return switch (this) {
            case Token token -> "token " + token.id();
            case Password password -> "user " + password.user();
        };
    }

    /** Whether an access right of a user or token, as {@code pveum acl list} names it, bears on these credentials. */
    default boolean isConcernedBy(String userOrToken) {
        return userOrToken.equals(user()) || (this instanceof Token token && userOrToken.equals(token.id()));
    }

    /** What must not appear in any text. */
    String secret();

    /** An API token as in {@code PROXMOX_VE_API_TOKEN}. */
    record Token(String id, String secret) implements ProxmoxLogin {
        private static final Pattern FORM = Pattern.compile("([^\\s@!=]+@[^\\s@!=]+![^\\s@!=]+)=([^\\s=]+)");

        /** Parses {@code USER@REALM!NAME=SECRET}; anything else is an {@link IllegalArgumentException}. */
        public static Token parse(String text) {
            var matcher = FORM.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("an API token has the form USER@REALM!NAME=SECRET");
            }
            return new Token(matcher.group(1), matcher.group(2));
        }

        @Override
        public String user() {
            return id.substring(0, id.indexOf('!'));
        }

        @Override
        public String toString() {
            return "Token[" + id + "]";
        }
    }

    /** A user and password, which are exchanged for a ticket. */
    record Password(String user, String secret) implements ProxmoxLogin {
        @Override
        public String toString() {
            return "Password[" + user + "]";
        }
    }
}
