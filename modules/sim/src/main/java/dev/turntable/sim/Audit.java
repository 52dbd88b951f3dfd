package dev.turntable.sim;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.RequestId;
import dev.turntable.event.SwapId;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Verdict;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.JournalCheck;
import dev.turntable.journal.MemoryDisk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a whole journal back when its world has ended: frames, checksums and chain are checked, every commit is decided again, every
 * server run must have begun with the state that the record gives up to there, and every request and swap is followed from its beginning
 * to its one end.
 */
final class Audit {
    private final List<Watch.Opening> openings;
    private final Set<RequestId> open = new TreeSet<>();
    private final Set<SwapId> swapping = new TreeSet<>((a, b) -> Long.compare(a.number(), b.number()));
    private Optional<Breach> breach = Optional.empty();
    private Yard yard = Yard.empty();
    private long commits;
    private long swaps;
    private long requests;

    private Audit(List<Watch.Opening> openings) {
        this.openings = openings;
    }

    /**
     * Audits what lies on the disk.
     *
     * @param openings the states that server runs began with
     * @param last the state at an orderly end, if there was one; without one nothing needs to have come to its end
     */
    static Audit of(MemoryDisk disk, List<Watch.Opening> openings, Optional<Yard> last) {
        Audit audit = new Audit(openings);
        audit.opened(0);
        JournalCheck.Report report;
        try (JournalCheck check = JournalCheck.of(disk)) {
            report = check.verify(audit::accept);
        }
        report.faults().forEach(fault -> audit.broken(Breach.Law.CHAIN, fault));
        last.ifPresent(audit::closed);
        return audit;
    }

    private void closed(Yard last) {
        if (!open.isEmpty()) {
            broken(Breach.Law.OUTCOME, "requests without an outcome: " + open);
        }
        if (!swapping.isEmpty()) {
            broken(Breach.Law.SWAP, "swaps without an end: " + swapping);
        }
        if (!yard.stateHash().equals(last.stateHash())) {
            broken(Breach.Law.AGAIN, "read back, the journal leads to another state than it was written from");
        }
    }

    private void accept(Commit commit) {
        commits++;
        if (breach.isPresent()) {
            return;
        }
        Verdict verdict = Core.decide(yard, commit.fact(), commit.time());
        if (!verdict.decisions().equals(commit.decisions())) {
            broken(
                    Breach.Law.AGAIN,
                    "on " + Told.of(commit.fact()) + " it had decided " + commit.decisions() + ", decided again it is "
                            + verdict.decisions());
        }
        yard = verdict.next();
        opened(commit.seq());
        request(commit.fact());
        commit.decisions().forEach(this::swap);
    }

    /** What outlived the crash before it stays on record, so it can be compared now as well as then. */
    private void opened(long seq) {
        for (Watch.Opening opening : openings) {
            if (opening.head() == seq && !opening.folded().equals(yard)) {
                broken(Breach.Law.AGAIN, "folded from its snapshot the state is not what it is folded whole");
            }
        }
    }

    private void request(Fact fact) {
        switch (fact) {
            case Fact.RequestArrived f -> {
                requests++;
                if (!open.add(f.request())) {
                    broken(Breach.Law.OUTCOME, f.request() + " arrived twice");
                }
            }
            case Fact.RequestFinished f -> {
                if (!open.remove(f.request())) {
                    broken(Breach.Law.OUTCOME, f.request() + " ends, but was not open");
                }
            }
            default -> {
                // no request's beginning or end
            }
        }
    }

    private void swap(Decision decision) {
        switch (decision) {
            case Decision.SwapStarted d -> {
                swaps++;
                if (!swapping.add(d.swap())) {
                    broken(Breach.Law.SWAP, d.swap() + " begins twice");
                }
            }
            case Decision.SwapFinished d -> ended(d.swap());
            case Decision.SwapFailed d -> ended(d.swap());
            case Decision.SwapCancelled d -> ended(d.swap());
            default -> {
                // no swap's beginning or end
            }
        }
    }

    private void ended(SwapId swap) {
        if (!swapping.remove(swap)) {
            broken(Breach.Law.SWAP, swap + " ends, but was not under way");
        }
    }

    private void broken(Breach.Law law, String what) {
        breach = breach.or(() -> Optional.of(new Breach(law, what, commits, Duration.ZERO)));
    }

    Optional<Breach> breach() {
        return breach;
    }

    long commits() {
        return commits;
    }

    long swaps() {
        return swaps;
    }

    long requests() {
        return requests;
    }
}
