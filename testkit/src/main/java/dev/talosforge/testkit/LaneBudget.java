package dev.talosforge.testkit;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a class that takes too much of the processor for its lane. Counted is the processor's time and not the clock's,
 * so that a busy machine changes nothing. Nothing is counted in lanes without the property.
 */
public final class LaneBudget implements BeforeAllCallback, AfterAllCallback {
    /** Seconds of one class. */
    private static final Long ALLOWED = Long.getLong("lane.seconds");

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private long before;

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isCounted(context)) {
            before = system.getProcessCpuTime();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (isCounted(context)) {
            Duration taken = Duration.ofNanos(system.getProcessCpuTime() - before);
            if (taken.toSeconds() > ALLOWED) {
                throw new AssertionError(
                        "%s takes %d s of the processor, a class of make check may take %d: make it quicker, or say by a tag which lane it belongs to"
                                .formatted(context.getRequiredTestClass().getName(), taken.toSeconds(), ALLOWED));
            }
        }
    }

    private static boolean isCounted(ExtensionContext context) {
        return ALLOWED != null && !context.getRequiredTestClass().isMemberClass();
    }
}
