package dev.talosforge.proxmox;

import java.util.List;

/** Lines to be typed on a Proxmox node that mend what is missing. */
final class Remedy {
    /** The name of the role that the lines make. */
    private static final String ROLE = "TalosForge";

    private Remedy() {}

    /** Gives the privileges to the user, and to the token, which has none of its own unless it gets them. */
    static String grant(String storage, List<String> privileges, ProxmoxLogin login) {
        String role = "pveum role add %s --privs \"%s\"".formatted(ROLE, String.join(",", privileges));
        String user = "pveum acl modify /storage/%s --users '%s' --roles %s".formatted(storage, login.user(), ROLE);
        return switch (login) {
            case ProxmoxLogin.Password ignored -> role + " && " + user;
            case ProxmoxLogin.Token token ->
                role + " && " + user + " && "
                        + "pveum acl modify /storage/%s --tokens '%s' --roles %s".formatted(storage, token.id(), ROLE);
        };
    }

    static String credentials(ProxmoxLogin login) {
        return switch (login) {
            case ProxmoxLogin.Password ignored ->
                "check user, realm and password: pveum user list (two-factor logins need an API token)";
            case ProxmoxLogin.Token token ->
                "check the secret, the expiry and that the user is enabled: pveum user token list '%s'"
                        .formatted(token.user());
        };
    }

    static String enable(String storage) {
        return "pvesm set %s --disable 0".formatted(storage);
    }

    static String content(String storage, String present) {
        return "pvesm set %s --content %s".formatted(storage, present.isEmpty() ? "iso" : present + ",iso");
    }
}
