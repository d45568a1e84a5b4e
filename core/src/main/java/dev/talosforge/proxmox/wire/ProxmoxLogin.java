package dev.talosforge.proxmox.wire;

import java.util.regex.Pattern;

/** Credentials. Their text never contains the secret. */
public sealed interface ProxmoxLogin {
    /** User with realm, also for tokens: {@code iso@pve}. */
    String user();

    /** For messages: {@code token iso@pve!ci}. */
    default String named() {
        return switch (this) {
            case Token token -> "token " + token.id();
            case Password password -> "user " + password.user();
        };
    }

    /** Whether a permission of a user or token, as {@code pveum acl list} names it, applies to these credentials. */
    default boolean isConcernedBy(String userOrToken) {
        return userOrToken.equals(user()) || (this instanceof Token token && userOrToken.equals(token.id()));
    }

    /** What must not appear in any text. */
    String secret();

    /** An API token as in {@code PROXMOX_VE_API_TOKEN}. */
    record Token(String id, String secret) implements ProxmoxLogin {
        private static final Pattern FORM = Pattern.compile("([^\\s@!='\"]+@[^\\s@!=]+![^\\s@!=]+)=([^\\s='\"]+)");

        /**
         * Parses {@code USER@REALM!NAME=SECRET}; anything else is an {@link IllegalArgumentException} that says what is
         * wrong without repeating it.
         */
        public static Token parse(String text) {
            var matcher = FORM.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(objection(text.strip()));
            }
            return new Token(matcher.group(1), matcher.group(2));
        }

        private static String objection(String text) {
            if (text.startsWith("\"") || text.startsWith("'")) {
                return "it contains quotation marks";
            }
            if (text.contains("PVEAPIToken")) {
                return "it starts with the name of the header; leave that out";
            }
            int name = text.indexOf('!');
            int secret = text.indexOf('=');
            if (name < 0) {
                return secret < 0
                        ? "it has neither \"!\" nor \"=\", like a secret alone"
                        : "it has no \"!\" with a token's name: users have no such secret";
            }
            if (text.lastIndexOf('@', name) <= 0) {
                return "its user has no realm, such as root@pam or ci@pve";
            }
            return secret < name || secret == text.length() - 1
                    ? "it has no secret after \"=\""
                    : "it contains a character that no token has";
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
