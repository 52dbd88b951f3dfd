package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.RequestId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the simulator found, each made small by hand (docs/simulation.md). */
class FoundBySimulationTest {

    /** Seed 277: {@code d} had the older claim, but {@code c}'s younger one had closed {@code d}'s own process; each waited for the other. */
    @Test
    void aYoungerClaimDoesNotCloseTheProcessOfAnOlderOne() {
        Scene s = Scene.of(Rules.models("a", "c", "d")
                .group("small", false, false, false, "a")
                .group("large", true, true, false, "c", "d")
                .maxWait(Duration.ofSeconds(2)));
        s.finish(s.busy("d"));
        s.seconds(1);
        RequestId a = s.ask("a");
        s.spawned("a");
        RequestId d = s.ask("d");
        RequestId c = s.ask("c");
        s.assertQueued(d);
        s.assertQueued(c);
        s.seconds(3);
        s.ready("a");
        s.finish(a);
        assertTrue(s.isJoined(d), "who claimed first goes first");
        s.exited("a");
        s.assertServed(d);
        s.finish(d);
        assertTrue(s.isJoined(c));
    }

    /** Seed 13535: {@code a} was taken out of its profile while it loaded, and was started again beside a member of that profile. */
    @Test
    void aModelThatAReloadTookOutOfItsProfileIsNotStartedBesideItsMembers() {
        Scene s = Scene.of(Rules.models("a", "b", "c").profile("p", "a", "b")).idle("b");
        RequestId a = s.askIn("p", "a");
        assertTrue(s.isJoined(a), "it loads beside the other member");
        s.spawned("a");
        s.configure(Rules.models("a", "b", "c").fingerprint("a", "new").profile("p", "b", "c"));
        s.exited("a");
        assertEquals("b:stopping", s.running(), "they exclude each other now");
        s.exited("b");
        s.ready("a");
        s.assertServed(a);
    }

    /** Seed 334058: each two of the three may run together, the third came in a profile, and all three ran. */
    @Test
    void whoComesInAProfileDoesNotStayBesideAThirdOneThatTheMatrixAllowsOnlyInPairs() {
        Scene s = Scene.of(Rules.models("a", "b", "c", "d")
                .set("ac", Rules.any("b", Rules.all("c", "a")))
                .set("ad", Rules.any(Rules.all("c", "d"), Rules.all("a", "d")))
                .profile("p", "c", "d"));
        s.idle("b");
        s.seconds(1);
        s.ask("a");
        RequestId d = s.ask("d");
        RequestId c = s.askIn("p", "c");
        s.assertQueued(d, c);
        s.exited("b");
        assertEquals("a:starting d:starting", s.running());
        s.assertQueued(c);
    }
}
