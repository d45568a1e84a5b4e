package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.cli.text.JsonEvents;
import dev.talosforge.cli.text.TerminalEvents;
import dev.talosforge.engine.Event;
import dev.talosforge.engine.Events;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, UTF_8);
    private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

    private void pass(double seconds) {
        nanos.addAndGet((long) (seconds * 1e9));
    }

    private void someWork(Events events) {
        events.started("images", "pull imager");
        events.progress("images", "pull imager", 0, 90_000_000);
        pass(2);
        events.progress("images", "pull imager", 30_000_000, 90_000_000);
        events.detail("images", "GET https://registry.test/v2/");
        events.warning("images", "the tag moved");
        pass(1.25);
        events.finished("images", "pull imager", "v1.11.5@sha256:012345678901", false);
        events.finished("images", "unpack imager", null, true);
        events.info("", "done");
        events.ended("images", "applied");
    }

    @Test
    void inALogEachStepIsOneLine() {
        someWork(new TerminalEvents(err, false, false, nanos::get));
        assertEquals("""
                images  warning: the tag moved
                images       pull imager                  v1.11.5@sha256:012345678901                                 3.3 s
                images       unpack imager                                                                           reused
                done
                """, bytes.toString(UTF_8));
    }

    @Test
    void detailsAreShownWhenAskedFor() {
        Events events = new TerminalEvents(err, false, true, nanos::get);
        events.detail("images", "GET https://registry.test/v2/");
        assertEquals("images  GET https://registry.test/v2/\n", bytes.toString(UTF_8));
    }

    @Test
    void onATerminalWhatIsUnderWayIsRedrawn() {
        Events events = new TerminalEvents(err, true, false, nanos::get);
        events.started("images", "ISO");
        pass(1);
        events.progress("images", "ISO", 0, 4000);
        pass(0.05);
        events.progress("images", "ISO", 1000, 4000); // too soon after the last
        pass(1.95);
        events.progress("images", "ISO", 2000, 4000);
        pass(1);
        events.finished("images", "ISO", "a.iso", false);
        assertEquals("""
                images       ISO …
                ^images       ISO …                        0 B of 4.0 kB
                ^images       ISO …                        2.0 kB of 4.0 kB  1.0 kB/s  2 s left
                ^images       ISO                          a.iso                                                       4.0 s
                """, bytes.toString(UTF_8).replace("\u001b[1A\u001b[J", "^"));
    }

    @Test
    void aUnitThatFailedIsNoLongerDrawn() {
        Events events = new TerminalEvents(err, true, false, nanos::get);
        events.started("a", "ISO");
        events.started("b", "ISO");
        events.ended("a", "failed");
        assertEquals("""
                a            ISO …
                ^1a            ISO …
                b            ISO …
                ^2b            ISO …
                """, bytes.toString(UTF_8).replaceAll("\u001b\\[(\\d)A\u001b\\[J", "^$1"));
    }

    @Test
    void aLongLineOnATerminalIsCutAndDoesNotWrap() {
        Events events = new TerminalEvents(err, true, false, nanos::get);
        events.started("infra/live/clusters/cluster-101/artifacts/images", "squashfs of something long");
        assertEquals(
                "infra/live/clusters/cluster-101/artifacts/images squashfs of something long …".length(),
                bytes.toString(UTF_8).strip().length());
        bytes.reset();
        events.progress("infra/live/clusters/cluster-101/artifacts/images", "squashfs of something long", 1, 0);
        pass(1);
        events.progress("infra/live/clusters/cluster-101/artifacts/images", "squashfs of something long", 1, 0);
        String last = bytes.toString(UTF_8).replaceAll("(?s).*\u001b\\[J", "");
        assertEquals(79 + 1, last.length(), last);
    }

    @Test
    void aLineOfAHookHasTheNamesOfItsUnitAndItsHook() {
        Event message = new Event.HookOutput("images", "login", "Login \"Succeeded\"");
        new TerminalEvents(err, false, false, nanos::get).on(message);
        new JsonEvents(err, nanos::get).on(message);
        assertEquals("""
                images  login: Login "Succeeded"
                {"type":"hook_output","unit":"images","hook":"login","text":"Login \\"Succeeded\\""}
                """, bytes.toString(UTF_8));
    }

    @Test
    void forAScriptEachEventIsAnObject() {
        someWork(new JsonEvents(err, nanos::get));
        assertEquals("""
                {"type":"step_started","unit":"images","step":"pull imager"}
                {"type":"step_progress","unit":"images","step":"pull imager","done":0,"total":90000000}
                {"type":"step_progress","unit":"images","step":"pull imager","done":30000000,"total":90000000}
                {"type":"notice","unit":"images","level":"debug","message":"GET https://registry.test/v2/"}
                {"type":"notice","unit":"images","level":"warning","message":"the tag moved"}
                {"type":"step_finished","unit":"images","step":"pull imager","detail":"v1.11.5@sha256:012345678901","reused":false}
                {"type":"step_finished","unit":"images","step":"unpack imager","reused":true}
                {"type":"notice","unit":"","level":"info","message":"done"}
                {"type":"unit_ended","unit":"images","result":"applied"}
                """, bytes.toString(UTF_8));
    }

    /** An upload of 2 GiB reports 32,768 times. */
    @Test
    void aScriptHearsOfProgressOnceASecond() {
        Events events = new JsonEvents(err, nanos::get);
        for (int part = 1; part <= 1000; part++) {
            pass(0.0025);
            events.progress("images", "upload ISO", part, 1000);
        }
        assertEquals("""
                {"type":"step_progress","unit":"images","step":"upload ISO","done":1,"total":1000}
                {"type":"step_progress","unit":"images","step":"upload ISO","done":401,"total":1000}
                {"type":"step_progress","unit":"images","step":"upload ISO","done":801,"total":1000}
                {"type":"step_progress","unit":"images","step":"upload ISO","done":1000,"total":1000}
                """, bytes.toString(UTF_8));
    }
}
