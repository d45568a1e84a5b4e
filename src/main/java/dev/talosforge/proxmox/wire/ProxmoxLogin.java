package dev.talosforge.proxmox.wire;

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
        private static final Pattern FORM = Pattern.compile("([^\\s@!='\"]+@[^\\s@!=]+![^\\s@!=]+)=([^\\s='\"]+)");

        /**
         * Parses {@code USER@REALM!NAME=SECRET}; anything else is an {@link IllegalArgumentException} that says what is
         * wrong with it, without repeating it.
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
                return "it has quotation marks in it";
            }
            if (text.contains("PVEAPIToken")) {
                return "it begins with the name of the header, which is left out here";
            }
            int name = text.indexOf('!');
            int secret = text.indexOf('=');
            if (name < 0) {
                return secret < 0
                        ? "it has no \"!\" and no \"=\", as a secret alone has none"
                        : "it has no \"!\" with a token's name: a user has no secret of this kind";
            }
            if (text.lastIndexOf('@', name) <= 0) {
                return "its user has no realm, such as root@pam or ci@pve";
            }
            return secret < name || secret == text.length() - 1
                    ? "it has no secret behind a \"=\""
                    : "there is a character in it that no token has";
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
