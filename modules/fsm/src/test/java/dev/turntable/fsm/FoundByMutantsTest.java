package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What mutants showed that no other test would have noticed. */
class FoundByMutantsTest {
    @Test
    void twoSwapsThatWaitForDifferentProcessesDoNotBlockEachOther() {
        Scene s = Scene.of(Rules.models("a", "b", "c", "d")
                .group("g", true, false, false, "a", "b")
                .group("h", true, false, false, "c", "d"));
        s.idle("a").idle("c");
        s.seconds(1);
        RequestId b = s.ask("b");
        RequestId d = s.ask("d");
        assertTrue(s.isJoined(b));
        assertTrue(s.isJoined(d));
        assertEquals("a:stopping c:stopping", s.running());
    }

    @Test
    void everyQueuedRequestOfTheModelJoinsItsSwapAtOnce() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        s.seconds(1);
        RequestId one = s.ask("b");
        RequestId two = s.ask("b");
        s.finish(a);
        assertTrue(s.isJoined(one));
        assertTrue(s.isJoined(two));
        assertEquals(2, s.yard().swaps().getFirst().joined().size());
    }

    @Test
    void aSwapMovesAlongWhenTheClockIsSetForward() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        Swap before = s.yard().swaps().getFirst();
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        Swap after = s.yard().swaps().getFirst();
        assertEquals(before.shifted(Duration.ofHours(1)), after);
        assertEquals(before.started().plusSeconds(3600), after.started());
        assertEquals(before.asked().plusSeconds(3600), after.asked());
        assertEquals(
                before.cleared().orElseThrow().plusSeconds(3600),
                after.cleared().orElseThrow());
        assertEquals(
                before.startOrdered().orElseThrow().plusSeconds(3600),
                after.startOrdered().orElseThrow());
    }

    @Test
    void aRefusalSaysInWhatStateItWas() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.fact(new Fact.ProcessSpawned(s.run("a").id(), 1, 2, 3, OptionalInt.empty(), "h"));
        assertEquals(
                List.of(new Decision.TransitionRefused(
                        Optional.of(s.run("a").id()), ProcessState.READY, "process.spawned")),
                s.last());
    }

    private record Odd(Object value) {}

    private static String hash(Object value) {
        return StateHash.of(new Odd(value));
    }

    @Test
    void everyValueCountsInTheHash() {
        assertNotEquals(hash(Duration.ofSeconds(1)), hash(Duration.ofSeconds(2)));
        assertNotEquals(hash(Instant.ofEpochSecond(1)), hash(Instant.ofEpochSecond(2)));
        assertNotEquals(hash(Instant.ofEpochSecond(1, 1)), hash(Instant.ofEpochSecond(1, 2)));
        assertNotEquals(hash(Optional.of("x")), hash(Optional.of("y")));
        assertNotEquals(hash(OptionalInt.of(1)), hash(OptionalInt.of(2)));
        assertNotEquals(hash(OptionalInt.empty()), hash(OptionalInt.of(0)));
        assertNotEquals(hash(List.of("a")), hash(List.of("b")));
        assertNotEquals(hash(1L), hash(2L));
    }
}
