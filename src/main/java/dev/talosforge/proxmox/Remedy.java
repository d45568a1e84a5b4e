package dev.talosforge.proxmox;

import java.util.List;

/** Lines to be typed on a Proxmox node that mend what is missing. */
final class Remedy {
    /** The name of the role that the lines make. */
    private static final String ROLE = "TalosForge";

    private Remedy() {}

    /** Gives the privileges to the user, and to the token, which has none of its own unless it gets them. */
    static String grantOnStorage(String storage, List<String> privileges, ProxmoxLogin login) {
        return "pveum role add %s --privs \"%s\" && %s"
                .formatted(ROLE, String.join(",", privileges), grant("/storage/" + storage, ROLE, login));
    }

    /** Rights beside those that an upload needs. */
    static String grantRemoval(String storage, ProxmoxLogin login) {
        return "pveum role add %1$sPrune --privs \"Datastore.Allocate\" && %2$s"
                .formatted(ROLE, grant("/storage/" + storage, ROLE + "Prune", login));
    }

    /** For nodes that fetch files themselves. */
    static String grantFetching(ProxmoxLogin login) {
        return "pveum role add %1$sFetch --privs \"Sys.AccessNetwork\" && %2$s"
                .formatted(ROLE, grant("/nodes", ROLE + "Fetch", login));
    }

    /** Gives a role that exists. */
    static String grant(String path, String role, ProxmoxLogin login) {
        String user = "pveum acl modify %s --users '%s' --roles %s".formatted(path, login.user(), role);
        return switch (login) {
            case ProxmoxLogin.Password ignored -> user;
            case ProxmoxLogin.Token token ->
                user + " && pveum acl modify %s --tokens '%s' --roles %s".formatted(path, token.id(), role);
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

    static String content(String storage, String present, ContentType type) {
        return "pvesm set %s --content %s"
                .formatted(storage, present.isEmpty() ? type.word() : present + "," + type.word());
    }
}
