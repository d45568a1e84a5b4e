package dev.talosforge.lab.pve;

/** What the listeners of one cluster share. */
record PveCluster(
        PveWorld world,
        PveSettings settings,
        PveAccess access,
        PveStore store,
        PveTasks tasks,
        PveUploads uploads,
        PveFaults faults,
        String fingerprint) {}
