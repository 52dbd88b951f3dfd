package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every swap has a timeline from the first wish to the first byte, also when it is long over. */
class SwapsTest {
    private final World world = new World();
    private final History history = History.open(world.journal);

    @AfterEach
    void close() {
        history.close();
        world.close();
    }

    @Test
    void theTimelineGoesFromTheWishToTheFirstByte() {
        RunId a = world.swapped(Optional.empty(), World.A);
        world.swapped(Optional.of(a), World.B);
        String json = new String(history.swaps().get("s-2").json(), StandardCharsets.UTF_8);
        assertEquals(
                "[{\"step\":\"asked\",\"ms\":0.0},{\"step\":\"begun\",\"ms\":0.0},{\"step\":\"stop_ordered\",\"run\":\"a#1\",\"ms\":0.0},{\"step\":\"stopped\",\"run\":\"a#1\",\"ms\":20.0},"
                        + "{\"step\":\"start_ordered\",\"ms\":20.0},{\"step\":\"spawned\",\"ms\":25.0},{\"step\":\"ready\",\"ms\":60.0},{\"step\":\"ended\",\"ms\":60.0},{\"step\":\"first_byte\",\"ms\":70.0}]",
                json.substring(json.indexOf("\"timeline\":") + 11, json.indexOf(",\"waiting\"")));
        assertTrue(
                json.contains(
                        "\"waited\":[{\"request\":\"r-2\",\"arrived_ms\":0.0,\"waited_ms\":60.0,\"why\":\"b was not loaded\"}]"),
                json);
        assertTrue(json.contains("\"drain_ms\":0.0,\"stop_ms\":20.0,\"start_ms\":40.0,\"total_ms\":70.0"), json);
    }

    @Test
    void aRequestThatQueuedBeforeTheSwapBeganTellsBehindWhom() {
        RequestId request = world.newRequest();
        world.write(world.arrival(request, World.B), new Decision.RequestQueued(request, World.B, 1, List.of(World.A)));
        world.pass(500);
        RunId run = world.newRun(World.B);
        world.write(
                world.end(world.newRequest(), 200, Optional.empty(), Optional.empty()),
                new Decision.SwapStarted(
                        world.newSwap(),
                        run,
                        List.of(),
                        Reason.REQUESTED,
                        "group",
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of(),
                        0),
                new Decision.RequestJoined(request, new dev.turntable.event.SwapId(1)));
        Swap swap = history.swaps().get("s-1");
        assertEquals(world.now().minusMillis(500), swap.asked());
        assertEquals(List.of(World.A), swap.waiters().getFirst().behind());
        assertEquals("running", swap.outcome());
    }

    @Test
    void aFailedSwapSaysWhyAndOneTheServerLeftBehindSaysThat() {
        RunId run = world.newRun(World.A);
        world.write(
                new Fact.LoadAsked(World.A, dev.turntable.event.Actor.OPERATOR),
                new Decision.SwapStarted(
                        world.newSwap(),
                        run,
                        List.of(),
                        Reason.OPERATOR,
                        "group",
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of(),
                        0));
        world.write(
                new Fact.SpawnFailed(run, "no such file"),
                new Decision.SwapFailed(new dev.turntable.event.SwapId(1), run, Reason.SPAWN_FAILED, "no such file"));
        world.write(
                new Fact.LoadAsked(World.A, dev.turntable.event.Actor.OPERATOR),
                new Decision.SwapStarted(
                        world.newSwap(),
                        run,
                        List.of(),
                        Reason.OPERATOR,
                        "group",
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of(),
                        0));
        world.write(new Fact.ServerStarted("0", 1, "boot"));
        assertEquals("failed", history.swaps().get("s-1").outcome());
        assertEquals("no such file", history.swaps().get("s-1").detail().orElseThrow());
        assertEquals("interrupted", history.swaps().get("s-2").outcome());
    }

    @Test
    void theListIsNewestFirstAndReachesBackBehindWhatIsKeptFolded() {
        Optional<RunId> old = Optional.empty();
        int count = Swaps.KEPT + 30;
        for (int i = 0; i < count; i++) {
            old = Optional.of(world.swapped(old, i % 2 == 0 ? World.A : World.B));
        }
        Swap kept = history.swaps().get("s-" + count);
        assertEquals(kept, history.swaps().list(Map.of()).swaps().getFirst());
        assertEquals("ready", history.swaps().get("s-3").outcome());
        assertEquals(9, history.swaps().get("s-3").steps().size() + 1);
        long seen = 0;
        Optional<dev.turntable.event.SwapId> next = Optional.empty();
        do {
            Swaps.Page page = history.swaps().list(Optional.empty(), next, 60);
            for (Swap swap : page.swaps()) {
                assertEquals(count - seen, swap.id().number());
                seen++;
            }
            next = page.next();
        } while (next.isPresent());
        assertEquals(count, seen);
    }

    @Test
    void aSwapNobodyKnowsIsNotFound() {
        assertEquals(
                404,
                assertThrows(HistoryException.class, () -> history.swaps().get("s-77"))
                        .code()
                        .status());
        assertEquals(
                400,
                assertThrows(HistoryException.class, () -> history.swaps().get("77"))
                        .code()
                        .status());
        assertEquals(
                400,
                assertThrows(HistoryException.class, () -> history.swaps().list(Map.of("limit", List.of("x"))))
                        .code()
                        .status());
    }

    @Test
    void usualLoadTimesComeFromTheModelsOwnHistory() {
        assertEquals(Optional.empty(), history.loadTimes().usual(World.A));
        world.swapped(Optional.empty(), World.A);
        history.swaps();
        assertEquals(35, history.loadTimes().usual(World.A).orElseThrow().toMillis());
    }
}
