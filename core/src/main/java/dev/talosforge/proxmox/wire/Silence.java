package dev.talosforge.proxmox.wire;

import java.time.Duration;

/** How long a request has gone without a useful answer: when to give up, and what to say until then. */
public final class Silence {
    private final ProxmoxSettings settings;
    private final ProxmoxSettings.Timing timing;
    private final Duration patience;
    private final long start;
    private Duration nextWord;

    /** @param patience for how long it is repeated in any case */
    public Silence(ProxmoxSettings settings, Duration patience) {
        this.settings = settings;
        this.timing = settings.timing();
        this.patience = patience;
        this.start = timing.pause().nanoTime();
        this.nextWord = timing.firstWord();
    }

    private Duration soFar() {
        return Duration.ofNanos(timing.pause().nanoTime() - start);
    }

    /** Whether another attempt after this one makes no sense; the first is 1. */
    public boolean isLast(int attempt) {
        Duration soFar = soFar();
        return soFar.compareTo(patience) >= 0
                && (attempt >= timing.readAttempts() || soFar.compareTo(timing.enough()) >= 0);
    }

    /** Reports a long wait, each time after twice as long. */
    public void report(String what) {
        Duration soFar = soFar();
        if (soFar.compareTo(nextWord) >= 0) {
            settings.watch()
                    .waiting()
                    .on("waiting for %s, for %s".formatted(what, ProxmoxSettings.Timing.shown(soFar)));
            nextWord = soFar.multipliedBy(2);
        }
    }
}
