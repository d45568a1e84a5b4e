package dev.talosforge.lab.pve;

import java.util.List;

/**
 * What the listeners of one cluster share.
 *
 * @param machines those that are there now, safe for use by several threads
 */
record PveCluster(
        PveWorld world,
        List<PveWorld.Machine> machines,
        PveSettings settings,
        PveAccess access,
        PveStore store,
        PveTasks tasks,
        PveUploads uploads,
        PveFaults faults,
        String fingerprint) {}
