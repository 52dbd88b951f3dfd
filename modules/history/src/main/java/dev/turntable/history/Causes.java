package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Event;
import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.event.Timer;
import dev.turntable.journal.Cursors.Position;
import dev.turntable.journal.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what an event follows from. A decision follows from the fact of its commit; a fact from the latest event before it that brings
 * such facts about: an exit from the order to stop, an end of a request from its admission, a timer from what armed it.
 */
final class Causes {
    /** Candidate blocks looked at before the search is given up: a cause lies near, or it is not worth the wait. */
    private static final int SEARCH_LIMIT = 256;

    private static final int CONSEQUENCES_LIMIT = 200;

    private final Journal journal;
    private final CommitIndex index;
    private final Blocks blocks;

    Causes(Journal journal, CommitIndex index, Blocks blocks) {
        this.journal = journal;
        this.index = index;
        this.blocks = blocks;
    }

    /** The cause of event {@code n} of the commit, if it has one that is still kept. */
    Optional<Position> of(Commit commit, int n) {
        if (n > 0) {
            return Optional.of(new Position(commit.seq(), 0));
        }
        return search(commit.fact()).flatMap(search -> latestBefore(commit.seq(), search));
    }

    /** Which events, found how, can be the cause of a fact. */
    private record Search(HistoryFilter filter, Set<Class<? extends Event>> kinds) {}

    private static Optional<Search> search(Fact fact) {
        return switch (fact) {
            case Fact.RequestFinished f ->
                Optional.of(new Search(
                        HistoryFilter.ofRequest(f.request()),
                        Set.of(
                                Fact.RequestAbandoned.class,
                                Decision.RequestShed.class,
                                Decision.RequestAdmitted.class,
                                Fact.RequestArrived.class)));
            case Fact.RequestAbandoned f ->
                Optional.of(new Search(
                        HistoryFilter.ofRequest(f.request()),
                        Set.of(
                                Decision.RequestAdmitted.class,
                                Decision.RequestJoined.class,
                                Decision.RequestQueued.class,
                                Fact.RequestArrived.class)));
            case Fact.RequestRetried f ->
                Optional.of(new Search(
                        HistoryFilter.ofRequest(f.request()),
                        Set.of(Decision.RequestAdmitted.class, Fact.RequestArrived.class)));
            case Fact.ProcessSpawned f -> ofRun(f.run(), Set.of(Decision.StartOrdered.class));
            case Fact.SpawnFailed f -> ofRun(f.run(), Set.of(Decision.StartOrdered.class));
            case Fact.ProcessReady f -> ofRun(f.run(), Set.of(Fact.ProcessSpawned.class, Decision.OrphanAdopted.class));
            case Fact.ProbeTimedOut f -> ofRun(f.run(), Set.of(Fact.ProcessSpawned.class));
            case Fact.ProcessExited f ->
                ofRun(
                        f.run(),
                        Set.of(Decision.KillOrdered.class, Decision.StopOrdered.class, Fact.ProcessSpawned.class));
            case Fact.StopFailed f -> ofRun(f.run(), Set.of(Decision.KillOrdered.class, Decision.StopOrdered.class));
            case Fact.Stragglers f ->
                ofRun(
                        f.run(),
                        Set.of(Decision.KillOrdered.class, Decision.StopOrdered.class, Fact.ProcessSpawned.class));
            case Fact.StrangerAnswered f -> ofRun(f.run(), Set.of(Fact.ProcessSpawned.class));
            case Fact.PortMoved f -> ofRun(f.run(), Set.of(Decision.StartOrdered.class));
            case Fact.OrphanFound f -> ofRun(f.run(), Set.of(Fact.ProcessSpawned.class));
            case Fact.ProcessLost f -> ofRun(f.run(), Set.of(Fact.ProcessSpawned.class));
            case Fact.TimerFired f -> Optional.of(ofTimer(f.timer()));
            case Fact.ServerStarted _,
                    Fact.ServerListening _,
                    Fact.ServerStopping _,
                    Fact.ServerStopped _,
                    Fact.ConfigApplied _ -> Optional.empty();
            case Fact.ConfigRejected _,
                    Fact.ClockStepped _,
                    Fact.RequestArrived _,
                    Fact.HttpServed _,
                    Fact.LoadAsked _ -> Optional.empty();
            case Fact.UnloadAsked _, Fact.ProfileActivated _, Fact.HoldPlaced _, Fact.HoldLifted _, Fact.DiskLow _ ->
                Optional.empty();
            case Fact.DiskRecovered _, Fact.ServerDrained _, Fact.ServerForced _, Fact.SnapshotDue _ ->
                Optional.empty();
        };
    }

    private static Optional<Search> ofRun(RunId run, Set<Class<? extends Event>> kinds) {
        return Optional.of(new Search(HistoryFilter.ofRun(run), kinds));
    }

    private static Search ofTimer(Timer timer) {
        return switch (timer) {
            case Timer.Ttl t -> new Search(HistoryFilter.ofRun(t.run()), Set.of(Decision.TtlArmed.class));
            case Timer.StartDeadline t -> new Search(HistoryFilter.ofRun(t.run()), Set.of(Decision.StartOrdered.class));
            case Timer.KillDeadline t -> new Search(HistoryFilter.ofRun(t.run()), Set.of(Decision.StopOrdered.class));
            case Timer.Linger t -> new Search(HistoryFilter.ofRun(t.run()), Set.of(Decision.LingerArmed.class));
            case Timer.WaitBound t ->
                new Search(HistoryFilter.ofModel(t.model(), "request.queued"), Set.of(Decision.RequestQueued.class));
        };
    }

    private Optional<Position> latestBefore(long seq, Search search) {
        long lowest = CommitIndex.blockOf(Math.max(1, journal.earliest()));
        Optional<Long> block = index.previous(search.filter(), CommitIndex.blockOf(seq), lowest);
        for (int reads = 0; block.isPresent() && reads < SEARCH_LIMIT; reads++) {
            for (Commit commit : blocks.get(block.get()).reversed()) {
                for (int n = commit.decisions().size(); commit.seq() < seq && n >= 0; n--) {
                    if (search.kinds().contains(commit.event(n).getClass())
                            && search.filter().matches(commit, n)) {
                        return Optional.of(new Position(commit.seq(), n));
                    }
                }
            }
            block = index.previous(search.filter(), block.get() - 1, lowest);
        }
        return Optional.empty();
    }

    /** Events whose cause is the one at {@code at}, in order; the search ends where the trail of its run or request ends. */
    List<Position> consequences(Position at) {
        Commit commit = blocks.commit(at.seq());
        List<Position> found = new ArrayList<>();
        if (at.n() == 0) {
            for (int n = 1; n <= commit.decisions().size(); n++) {
                found.add(new Position(at.seq(), n));
            }
        }
        Optional<HistoryFilter> trail = trail(Links.of(commit.event(at.n())));
        if (trail.isPresent()) {
            follow(trail.get(), at, found);
        }
        return found;
    }

    private void follow(HistoryFilter trail, Position at, List<Position> found) {
        long highest = CommitIndex.blockOf(journal.head());
        Optional<Long> block = index.next(trail, CommitIndex.blockOf(at.seq()), highest);
        for (int reads = 0; block.isPresent() && reads < SEARCH_LIMIT && found.size() < CONSEQUENCES_LIMIT; reads++) {
            for (Commit later : blocks.get(block.get())) {
                if (later.seq() > at.seq()
                        && trail.matches(later, 0)
                        && of(later, 0).filter(at::equals).isPresent()) {
                    found.add(new Position(later.seq(), 0));
                }
            }
            block = index.next(trail, block.get() + 1, highest);
        }
    }

    private static Optional<HistoryFilter> trail(Links links) {
        return links.request()
                .map(HistoryFilter::ofRequest)
                .or(() -> links.run().map(HistoryFilter::ofRun))
                .or(() -> links.model().map(HistoryFilter::ofModel));
    }
}
