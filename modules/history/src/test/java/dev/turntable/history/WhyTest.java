package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.Stage;
import dev.turntable.journal.Journal;
import dev.turntable.journal.MemoryJournal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A why gets one plain sentence, and the events that show it. */
class WhyTest {
    private final Journal journal = MemoryJournal.create();
    private final History history = History.open(journal);

    @AfterEach
    void close() {
        history.close();
        journal.close();
    }

    private String answer(String name, String value) {
        return history.why().ask(Map.of(name, List.of(value))).answer();
    }

    @Test
    void aRequestOnAReadyModelWasServedAtOnce() {
        Decided told = new Decided(journal);
        told.finish(told.ask(1, World.A), Outcome.CLIENT_GONE, 0);
        told.ready(World.A);
        told.finish(told.ask(2, World.A), Outcome.OK, 200);
        assertEquals(
                "r-2 for a was served at once by a#1, which was ready; it ended ok with status 200 after 20 ms.",
                answer("request", "r-2"));
    }

    @Test
    void aRequestThatWaitedSaysForWhat() {
        Decided.story(journal);
        String first = answer("request", "r-1");
        assertTrue(
                first.startsWith(
                        "r-1 for a waited 20 ms because a was not loaded (swap s-1: stop 0 ms, start 20 ms), then a#1 served it"),
                first);
        String second = answer("request", "r-2");
        assertTrue(
                second.contains("it had to queue behind the work of a") && second.contains("and a had to leave first"),
                second);
        List<String> types = history.why().request(new RequestId(2)).chain().stream()
                .map(e -> e.event().type())
                .toList();
        assertTrue(
                types.indexOf("request.queued") < types.indexOf("swap.started")
                        && types.indexOf("swap.started") < types.indexOf("request.admitted"),
                types.toString());
    }

    @Test
    void aRefusedRequestSaysWhy() {
        Decided.story(journal);
        String third = answer("request", "r-3");
        assertTrue(third.startsWith("r-3 for a was refused after 10 ms because the model failed to start ("), third);
        assertTrue(third.endsWith("it ended load_failed with status 500 after 20 ms."), third);
    }

    @Test
    void aRequestThatWasGivenUpSaysByWhom() {
        Decided told = new Decided(journal);
        RequestId request = told.ask(1, World.A);
        told.pass(Duration.ofSeconds(3));
        told.fact(new Fact.RequestAbandoned(request, Stage.LOADING, Actor.REQUEST));
        told.finish(request, Outcome.CLIENT_GONE, 0);
        String text = answer("request", "r-1");
        assertTrue(
                text.startsWith(
                        "r-1 for a was given up by its client after 3.01 s while loading because a was not loaded (swap s-1)"),
                text);
    }

    @Test
    void aLoadedModelSaysWhoWantedIt() {
        Decided told = new Decided(journal);
        told.finish(told.ask(1, World.A), Outcome.OK, 200);
        told.ready(World.A);
        String text = answer("model", "a");
        assertTrue(
                text.matches("a is loaded since .*Z, because r-1 asked for it \\(swap s-1\\); loading took 900 ms\\."),
                text);
    }

    @Test
    void anEvictedModelSaysForWhom() {
        Decided told = new Decided(journal);
        RequestId first = told.ask(1, World.A);
        RunId a = told.ready(World.A);
        told.finish(first, Outcome.OK, 200);
        told.wait(Duration.ofSeconds(5));
        told.ask(2, World.B);
        told.exit(a);
        String text = answer("model", "a");
        assertTrue(text.contains("it was evicted to make room for b, because r-2 asked for it (swap s-2)"), text);
        assertTrue(answer("model", "b").startsWith("b is being loaded since"), answer("model", "b"));
    }

    @Test
    void aModelThatDidNotWantToGoSaysWhatItsStopMetWith() {
        Decided told = new Decided(journal);
        RequestId first = told.ask(1, World.A);
        RunId a = told.ready(World.A);
        told.finish(first, Outcome.OK, 200);
        told.fact(new Fact.UnloadAsked(List.of(World.A), Actor.OPERATOR));
        told.fact(new Fact.StopFailed(a, "exit status 3"));
        told.fact(new Fact.Stragglers(a, List.of(new Fact.Straggler(7, "sleep 600")), List.of()));
        told.exit(a);
        String text = answer("model", "a");
        assertTrue(
                text.endsWith("; its stop failed: exit status 3; what had left its process group was ended, too."),
                text);
    }

    @Test
    void anIdleModelSaysThatItsTimeToLiveWasOver() {
        Decided told = new Decided(journal);
        RequestId first = told.ask(1, World.A);
        RunId a = told.ready(World.A);
        told.finish(first, Outcome.OK, 200);
        told.wait(Duration.ofSeconds(11));
        told.exit(a);
        assertTrue(
                answer("model", "a").endsWith("nobody asked for it for as long as its ttl allows."),
                answer("model", "a"));
        List<String> types = history.why().model(World.A).chain().stream()
                .map(e -> e.event().type())
                .toList();
        assertTrue(
                types.containsAll(List.of("ttl.armed", "timer.fired", "stop.ordered", "process.exited")),
                types.toString());
    }

    @Test
    void anUnloadedACrashedAndANeverLoadedModelSaySo() {
        Decided.story(journal);
        assertTrue(answer("model", "b").endsWith("operator:ops unloaded it."), answer("model", "b"));
        assertTrue(
                answer("model", "a").contains("it could not be started (failed to start command 'nope': no such file)"),
                answer("model", "a"));
        assertEquals(
                404,
                assertThrows(HistoryException.class, () -> answer("model", "nobody"))
                        .code()
                        .status());
    }

    @Test
    void aHoldAndAPreloadAreCalledWhatTheyAre() {
        Decided told = new Decided(journal);
        RequestId preload = told.preload(1, World.A);
        RunId a = told.ready(World.A);
        told.finish(preload, Outcome.OK, 200);
        String loaded = answer("model", "a");
        assertTrue(loaded.contains(", to be preloaded (swap s-1)"), loaded);
        told.fact(new Fact.HoldPlaced(Actor.OPERATOR, "a game"));
        told.exit(a);
        assertTrue(answer("model", "a").endsWith(": operator placed a hold (a game)."), answer("model", "a"));
    }

    @Test
    void aModelThatIsLoadedByHandSaysByWhom() {
        Decided told = new Decided(journal);
        told.fact(new Fact.LoadAsked(World.A, Actor.OPERATOR));
        told.ready(World.A);
        String loaded = answer("model", "a");
        assertTrue(loaded.contains(", because operator asked for it (swap s-1)"), loaded);
    }

    @Test
    void aRequestThatWasCutByAnUnloadNamesWhoAsked() {
        Decided told = new Decided(journal);
        RequestId cut = told.ask(1, World.A);
        RunId a = told.ready(World.A);
        told.fact(new Fact.UnloadAsked(List.of(World.A), Actor.OPERATOR));
        told.exit(a);
        told.finish(cut, Outcome.CANCELLED, 200);
        String text = answer("request", "r-1");
        assertTrue(text.endsWith(", because operator had a#1 stopped."), text);
        List<String> types = history.why().request(cut).chain().stream()
                .map(e -> e.event().type())
                .toList();
        assertTrue(types.containsAll(List.of("unload.asked", "stop.ordered")), types.toString());
    }

    @Test
    void aCrashSaysHowTheProcessEnded() {
        Decided told = new Decided(journal);
        told.finish(told.ask(1, World.A), Outcome.OK, 200);
        RunId a = told.ready(World.A);
        told.fact(new Fact.ProcessExited(a, 137, OptionalInt.of(9), 0));
        assertTrue(answer("model", "a").endsWith("its process ended by itself (signal 9)."), answer("model", "a"));
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        assertEquals(
                400,
                assertThrows(HistoryException.class, () -> history.why().ask(Map.of()))
                        .code()
                        .status());
        assertEquals(
                400,
                assertThrows(HistoryException.class, () -> answer("request", "7"))
                        .code()
                        .status());
        assertEquals(
                404,
                assertThrows(HistoryException.class, () -> answer("request", "r-7"))
                        .code()
                        .status());
    }
}
