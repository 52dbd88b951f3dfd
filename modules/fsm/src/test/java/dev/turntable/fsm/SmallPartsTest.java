package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Durations as text, hashes, images, and the looks into a yard. */
class SmallPartsTest {
    @Test
    void durationsAreWrittenAsLlamaSwapDoes() {
        Map.ofEntries(
                        Map.entry("0s", Duration.ZERO),
                        Map.entry("1ns", Duration.ofNanos(1)),
                        Map.entry("999ns", Duration.ofNanos(999)),
                        Map.entry("1µs", Duration.ofNanos(1_000)),
                        Map.entry("1.5µs", Duration.ofNanos(1_500)),
                        Map.entry("1ms", Duration.ofMillis(1)),
                        Map.entry("250ms", Duration.ofMillis(250)),
                        Map.entry("1.05ms", Duration.ofNanos(1_050_000)),
                        Map.entry("1s", Duration.ofSeconds(1)),
                        Map.entry("15s", Duration.ofSeconds(15)),
                        Map.entry("1.5s", Duration.ofMillis(1500)),
                        Map.entry("59.999s", Duration.ofMillis(59_999)),
                        Map.entry("1m0s", Duration.ofMinutes(1)),
                        Map.entry("2m5s", Duration.ofSeconds(125)),
                        Map.entry("1h0m0s", Duration.ofHours(1)),
                        Map.entry("27h46m40s", Duration.ofSeconds(100_000)),
                        Map.entry("-3s", Duration.ofSeconds(-3)))
                .forEach((text, duration) -> assertEquals(text, GoDuration.text(duration)));
    }

    @Test
    void anImageGivesTheSameYard() {
        Scene s = Scene.of(
                Rules.models("a", "b", "c").ttl("a", Duration.ofSeconds(5)).profile("p", "a"));
        s.idle("c");
        s.busy("a");
        s.ask("b");
        s.load("c");
        Yard again = Yard.of(s.yard().image());
        assertEquals(s.yard(), again);
        assertEquals(s.yard().hashCode(), again.hashCode());
        assertEquals(s.yard().toString(), again.toString());
        assertEquals(s.yard().stateHash(), again.stateHash());
        assertEquals(s.yard().nextWake(), again.nextWake());
        assertNotEquals(s.yard(), Yard.empty());
        assertFalse(s.yard().equals("something else"));
        s.yard(again);
        s.unload();
    }

    @Test
    void theHashIsThatOfTheState() {
        Scene s = Scene.of(Rules.models("a"));
        String before = s.yard().stateHash();
        assertEquals(64, before.length());
        s.ask("a");
        assertNotEquals(before, s.yard().stateHash());
        String now = s.yard().stateHash();
        s.fact(new Fact.SnapshotDue());
        assertEquals(List.of(new Decision.SnapshotTaken(now)), s.last());
        assertEquals(now, s.yard().stateHash());
    }

    /** The canonical form must not change: journals hold hashes. */
    @Test
    void theHashOfTheEmptyYardIsForEver() {
        assertEquals(
                "3080b6440a21ab3eee61c01d92b71271b43d1242da89b68d1705e6f8090e474a",
                Yard.empty().stateHash(),
                "a change of this form needs a new version of snapshot.taken");
    }

    private record Odd(Object value) {}

    @Test
    void thereIsNoHashOfWhatHasNoForm() {
        assertThrows(FsmException.class, () -> StateHash.of(new Odd(1.5)));
        assertNotEquals(StateHash.of(new Odd("ab")), StateHash.of(new Odd(List.of("a", "b"))));
        assertNotEquals(StateHash.of(new Odd(List.of("ab"))), StateHash.of(new Odd(List.of("a", "b"))));
        assertNotEquals(StateHash.of(new Odd(1)), StateHash.of(new Odd(256)));
        assertNotEquals(StateHash.of(new Odd(true)), StateHash.of(new Odd(false)));
        assertNotEquals(StateHash.of(new Odd(Optional.empty())), StateHash.of(new Odd(Optional.of("x"))));
        assertNotEquals(StateHash.of(new Odd(OpenRequest.QUEUED)), StateHash.of(new Odd(OpenRequest.SHED)));
        assertNotEquals(StateHash.of(new Odd(Phase.NEW)), StateHash.of(new Odd(Phase.STOPPED)));
    }

    @Test
    void anImageThatNoFoldCouldMakeIsRefused() {
        YardImage empty = Yard.empty().image();
        YardImage odd = new YardImage(
                empty.phase(),
                empty.policy(),
                empty.counters(),
                List.of(Berth.empty(new ModelId("x"))),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false);
        assertThrows(FsmException.class, () -> Yard.of(odd));
    }

    @Test
    void aYardTellsWhatItKnows() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        Yard y = s.yard();
        assertEquals(1, y.inFlight(new ModelId("a")));
        assertEquals(0, y.inFlight(new ModelId("b")));
        assertEquals(0, y.inFlight(new ModelId("nobody")));
        assertEquals(ProcessState.STOPPED, y.state(new ModelId("nobody")));
        assertEquals(Optional.empty(), y.run(new ModelId("nobody")));
        assertEquals(Optional.of(1), y.position(b));
        assertEquals(Optional.empty(), y.position(a));
        assertEquals(2, y.berths().size());
        assertEquals(2, y.counters().requests());
        assertEquals(1, y.counters().runs());
        assertEquals(1, y.counters().swaps());
        assertEquals(Optional.empty(), y.request(new RequestId(99)));
        s.ask("a");
        s.unload("a");
        assertEquals(1, s.yard().swaps().size());
        assertTrue(s.yard().swap(s.yard().swaps().getFirst().id()).isPresent());
        assertEquals(Optional.empty(), s.yard().swap(new dev.turntable.event.SwapId(55)));
    }

    @Test
    void impossibleFactsAreRefusedAndChangeNothing() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId a = s.busy("a");
        YardImage before = s.yard().image();
        s.finish(new RequestId(99));
        assertEquals(1, s.last(Decision.TransitionRefused.class).size());
        s.leave(new RequestId(99));
        assertEquals(1, s.last(Decision.TransitionRefused.class).size());
        s.fact(new Fact.RequestArrived(
                a,
                new ModelId("a"),
                dev.turntable.event.Route.LOCAL,
                "a",
                "GET",
                "/",
                Optional.empty(),
                "HTTP/1.1",
                "c",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty()));
        assertEquals(1, s.last(Decision.TransitionRefused.class).size());
        assertEquals(before, s.yard().image());
    }

    @Test
    void manyRequestsAreFoundAgain() {
        Scene s = Scene.of(Rules.models("a").limit("a", 1000)).idle("a");
        for (int i = 0; i < 40; i++) {
            s.ask("a");
        }
        for (int i = 2; i <= 41; i += 3) {
            s.finish(new RequestId(i));
        }
        for (int i = 2; i <= 41; i++) {
            assertEquals(i % 3 != 2, s.yard().request(new RequestId(i)).isPresent());
        }
    }
}
