package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A state or a commit that must not be is told. Right ones are judged by every other test of this room. */
class InvariantsTest {
    private static final Fact NOTHING = new Fact.ServerListening("x", false, false);
    private static final ModelId A = new ModelId("a");

    private static List<String> judge(Yard before, Yard after, Scene s, Decision... decisions) {
        return Invariants.check(before, new Commit(1, s.now(), 0, 1, 1, NOTHING, List.of(decisions)), after);
    }

    private static List<String> judge(Yard after, Scene s) {
        return judge(after, after, s);
    }

    private static void told(List<String> broken, String part) {
        assertTrue(broken.stream().anyMatch(b -> b.contains(part)), part + " is not in " + broken);
    }

    private static Yard with(Yard yard, UnaryOperator<Berth> change) {
        YardImage i = yard.image();
        return Yard.of(new YardImage(
                i.phase(),
                i.policy(),
                i.counters(),
                i.berths().stream().map(change).toList(),
                i.queue(),
                i.requests(),
                i.hold(),
                i.activeProfile(),
                i.diskLow()));
    }

    private static Yard withQueue(Yard yard, List<Waiter> queue) {
        YardImage i = yard.image();
        return Yard.of(new YardImage(
                i.phase(),
                i.policy(),
                i.counters(),
                i.berths(),
                queue,
                i.requests(),
                i.hold(),
                i.activeProfile(),
                i.diskLow()));
    }

    @Test
    void slotsAndLeasesAreCounted() {
        Scene s = Scene.of(Rules.models("a"));
        s.busy("a");
        told(judge(with(s.yard(), b -> b.reserved(1)), s), "a counts 2 slots, but 1 requests hold one");
        told(
                judge(with(s.yard(), b -> b.with(b.run().orElseThrow().leased(0))), s),
                "a#1 counts 2 leases, but 1 requests hold one");
        told(
                judge(with(s.yard(), b -> b.with(b.run().orElseThrow().withState(ProcessState.STARTING))), s),
                "a#1 is starting and has a lease");
        assertEquals(List.of(), judge(s.yard(), s));
    }

    @Test
    void aPortHasOneHolder() {
        Scene s = Scene.of(Rules.models("a", "b").together().port("a", 1).port("b", 2));
        s.idle("a").idle("b");
        Yard odd = with(
                s.yard(),
                b -> b.with(Run.ordered(
                                b.run().orElseThrow().id(),
                                Rules.models("a").port("a", 7).policy().models().getFirst(),
                                Reason.REQUESTED,
                                s.now(),
                                s.now())
                        .readyFrom(s.now())));
        told(judge(odd, s), "hold port 7");
        assertEquals(OptionalInt.of(1), s.run("a").settings().port());
    }

    @Test
    void aRunLiesInItsOwnBerth() {
        Scene s = Scene.of(Rules.models("a", "b").together());
        s.idle("a").idle("b");
        Run a = s.run("a");
        told(judge(with(s.yard(), b -> b.with(a)), s), "a#1 lies in the berth of b");
    }

    @Test
    void everyStateThatMustPassHasADeadline() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        told(
                judge(with(s.yard(), b -> b.with(b.run().orElseThrow().withState(ProcessState.STOPPING))), s),
                "a#1 is stopping without an order or a deadline");
        told(
                judge(with(s.yard(), b -> b.with(b.run().orElseThrow().withState(ProcessState.STARTING))), s),
                "a#1 is starting for no swap");
    }

    @Test
    void theQueueKeepsItsOrderAndKnowsItsRequests() {
        Scene s = Scene.of(Rules.models("a", "b", "c"));
        s.busy("a");
        s.ask("b");
        s.seconds(1);
        s.ask("c");
        List<Waiter> queue = s.yard().queue();
        told(judge(withQueue(s.yard(), queue.reversed()), s), "the queue is out of order at 2");
        told(judge(withQueue(s.yard(), queue.subList(0, 1)), s), "2 requests believe to be in the queue, 1 are");
        List<Waiter> stranger = new ArrayList<>(queue);
        stranger.add(new Waiter(
                A, 0, s.now(), Optional.of(new RequestId(1)), dev.turntable.event.Actor.REQUEST, Optional.empty()));
        told(judge(withQueue(s.yard(), stranger), s), "r-1 is in the queue but does not know it");
    }

    @Test
    void nobodyTakesRequestsAgainstAClaim() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(Duration.ofSeconds(1)));
        s.busy("a");
        s.ask("b");
        s.seconds(1);
        Yard open = with(
                s.yard(), b -> b.run().map(r -> b.with(r.withGate(Gate.OPEN))).orElse(b));
        told(judge(open, s), "a#1 takes requests although b has claimed its turn");
    }

    @Test
    void nobodyIsStoppedWhileItServesButForReasonsThatDoNotWait() {
        Scene s = Scene.of(Rules.models("a"));
        s.busy("a");
        RunId run = s.run("a").id();
        for (Reason reason : Reason.values()) {
            boolean patient = reason == Reason.EVICTED || reason == Reason.TTL || reason == Reason.RELOADED;
            List<String> broken =
                    judge(s.yard(), s.yard(), s, new Decision.StopOrdered(run, reason, Duration.ofSeconds(1)));
            assertEquals(
                    patient, broken.stream().anyMatch(b -> b.contains("while it serves 1")), reason + " " + broken);
            assertEquals(
                    reason == Reason.TTL,
                    broken.stream().anyMatch(b -> b.contains("which was not counting")),
                    reason.name());
        }
    }

    @Test
    void onlyTheTransitionsOfTheTableHappen() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        RunId run = s.run("a").id();
        told(
                judge(s.yard(), s.yard(), s, change(run, ProcessState.READY, ProcessState.STARTING)),
                "a#1 goes from READY to STARTING");
        told(
                judge(s.yard(), s.yard(), s, change(run, ProcessState.STARTING, ProcessState.READY)),
                "a#1 leaves STARTING but was READY");
        told(
                judge(
                        s.yard(),
                        s.yard(),
                        s,
                        change(run, ProcessState.READY, ProcessState.STOPPING),
                        change(run, ProcessState.READY, ProcessState.STOPPED)),
                "a#1 leaves READY but was STOPPING");
    }

    private static Decision change(RunId run, ProcessState from, ProcessState to) {
        return new Decision.StateChanged(run, from, to, Reason.EXITED);
    }

    @Test
    void theAllowedTransitionsAreThese() {
        List<String> allowed = new ArrayList<>();
        for (ProcessState from : ProcessState.values()) {
            for (ProcessState to : ProcessState.values()) {
                if (Invariants.isAllowed(from, to)) {
                    allowed.add(from.wire() + ">" + to.wire());
                }
            }
        }
        assertEquals(
                List.of(
                        "stopped>starting",
                        "starting>stopped",
                        "starting>ready",
                        "starting>shutdown",
                        "ready>stopped",
                        "ready>stopping",
                        "ready>shutdown",
                        "stopping>stopped",
                        "stopping>shutdown"),
                allowed);
    }

    @Test
    void aSwapEndsOnce() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        SwapId swap = s.yard().swaps().getFirst().id();
        RunId run = s.run("a").id();
        Decision end = new Decision.SwapCancelled(swap, run, Reason.EXITED);
        told(judge(s.yard(), s.yard(), s, end), "swaps under way are [s-1], by the record []");
        Yard over = with(s.yard(), Berth::withoutSwap);
        told(judge(s.yard(), over, s, end, end), "s-1 ends, but was not under way");
        told(judge(s.yard(), over, s), "swaps under way are [], by the record [s-1]");
        assertFalse(judge(s.yard(), over, s, end).stream().anyMatch(b -> b.contains("s-1")));
        told(
                judge(
                        s.yard(),
                        over,
                        s,
                        new Decision.SwapFinished(new SwapId(9), run, Duration.ZERO, Duration.ZERO, Duration.ZERO)),
                "s-9 ends");
        told(judge(s.yard(), over, s, new Decision.SwapFailed(new SwapId(9), run, Reason.EXITED, "x")), "s-9 ends");
    }

    @Test
    void nobodyIsStartedBesideOneItExcludes() {
        Scene s = Scene.of(Rules.models("a", "b").together());
        s.idle("a").idle("b");
        s.configure(Rules.models("a", "b"));
        Decision start = new Decision.StartOrdered(s.run("b").id(), OptionalInt.empty(), s.now(), Reason.REQUESTED);
        told(judge(s.yard(), s.yard(), s, start), "b#2 is started beside a#1, but they exclude each other");
        s.configure(Rules.models("a", "b").profile("p", "a", "b"));
        assertEquals(List.of(), judge(s.yard(), s.yard(), s, start));
        s.configure(Rules.models("a", "b").profile("p", "b"));
        told(judge(s.yard(), s.yard(), s, start), "they exclude each other");
        s.configure(Rules.models("a", "b").group("ex", true, true, false, "b").group("no", true, false, false, "a"));
        assertEquals(
                List.of(), judge(s.yard(), s.yard(), s, start), "one excludes the other, but not the other way round");
    }
}
