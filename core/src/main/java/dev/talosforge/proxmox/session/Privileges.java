package dev.talosforge.proxmox.session;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the credentials may do at a path of the permission tree.
 *
 * @param byName privilege to whether it also holds below the path: the value of {@code /access/permissions}
 */
public record Privileges(String path, SortedMap<String, Boolean> byName) {
    /** To see a storage and its content. */
    public static final String AUDIT_STORAGE = "Datastore.Audit";

    /** To put files on a storage. */
    public static final List<String> STORE = List.of("Datastore.AllocateTemplate", AUDIT_STORAGE);

    /** To remove files of a storage. */
    public static final String REMOVE = "Datastore.Allocate";

    /** To let a node download. */
    public static final String FETCH = "Sys.AccessNetwork";

    /** To see virtual machines. */
    public static final String AUDIT_MACHINES = "VM.Audit";

    public Privileges {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    public boolean has(String privilege) {
        return byName.containsKey(privilege);
    }

    public boolean holdsBelow(String privilege) {
        return byName.getOrDefault(privilege, false);
    }

    public List<String> missing(List<String> wanted) {
        return wanted.stream().filter(privilege -> !has(privilege)).toList();
    }
}
