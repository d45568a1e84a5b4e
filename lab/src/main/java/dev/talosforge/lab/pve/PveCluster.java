package dev.talosforge.lab.pve;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the listeners of one cluster share.
 *
 * @param heldBack how many answers were held back, as every 401 is
 * @param machines those that exist now, safe for use by several threads
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
        AtomicInteger heldBack,
        String fingerprint) {}
