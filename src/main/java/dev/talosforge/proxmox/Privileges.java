package dev.talosforge.proxmox;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the credentials may do at a path of the permission tree.
 *
 * @param byName privilege to whether it holds for what is below the path, too: the value of {@code /access/permissions}
 */
record Privileges(String path, SortedMap<String, Boolean> byName) {
    Privileges {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    boolean has(String privilege) {
        return byName.containsKey(privilege);
    }

    boolean holdsBelow(String privilege) {
        return byName.getOrDefault(privilege, false);
    }

    List<String> missing(List<String> wanted) {
        return wanted.stream().filter(privilege -> !has(privilege)).toList();
    }
}
