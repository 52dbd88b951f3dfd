package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Verdict;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Journal;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides again: for each commit, the core, given the state before it, must conclude what is recorded (docs/operating.md). What a server of
 * other rules has decided is only read back. Also looks that seqs are dense and time never goes back. Frames, checksums and the chain are
 * the journal's own to check.
 *
 * <p>Hand it the commits in order with {@link #accept}, then ask for the {@link #report}. Belongs to one thread.
 */
public final class Verification {
    /** Differences that are told; the first one makes the rest unlikely to mean anything. */
    private static final int FAULTS_LIMIT = 20;

    /** Commits between two comparisons of the state decided and the state read back. */
    private static final int COMPARE_EVERY = 1_024;

    private final List<String> faults = new ArrayList<>();
    private Yard yard;
    private long last;
    private long commits;
    private long onlyRead;
    private boolean ours;
    private boolean lost;
    private Instant time = Instant.EPOCH;

    /** From the very beginning. */
    public Verification() {
        this(new StateAt.Start(0, Yard.empty()));
    }

    private Verification(StateAt.Start start) {
        this.yard = start.yard();
        this.last = start.seq();
    }

    /**
     * What was found.
     *
     * @param first seq of the first commit decided again
     * @param head seq of the last one
     * @param onlyRead how many of the commits were not decided again, because they are by other rules or it is not known by which
     * @param stateHash of the state after it
     * @param faults in plain words, empty when everything agrees
     */
    public record Report(long first, long head, long commits, long onlyRead, String stateHash, List<String> faults)
            implements Answer {
        public Report {
            faults = List.copyOf(faults);
        }

        public boolean agrees() {
            return faults.isEmpty();
        }

        @Override
        public void write(JsonGenerator out) throws IOException {
            out.writeStartObject();
            out.writeNumberField("first", first);
            out.writeNumberField("head", head);
            out.writeNumberField("commits", commits);
            out.writeNumberField("only_read", onlyRead);
            out.writeStringField("state_hash", stateHash);
            out.writeBooleanField("agrees", agrees());
            out.writeArrayFieldStart("faults");
            for (String fault : faults) {
                out.writeString(fault);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    /** Decides everything in the journal again, from its beginning or, if that is no longer kept, from the oldest usable snapshot. */
    public static Report of(Journal journal) {
        Verification verification = new Verification(oldest(journal));
        try (Journal.Reader reader = journal.read(verification.last + 1)) {
            while (reader.hasNext()) {
                verification.accept(reader.next());
            }
        }
        return verification.report();
    }

    private static StateAt.Start oldest(Journal journal) {
        if (journal.earliest() <= 1) {
            return new StateAt.Start(0, Yard.empty());
        }
        Optional<Journal.Snapshot> found = journal.snapshots().newest(journal.head());
        long seq = found.map(Journal.Snapshot::seq).orElse(journal.head());
        for (Optional<Journal.Snapshot> older = found;
                older.isPresent() && older.get().seq() >= journal.earliest() - 1; ) {
            seq = older.get().seq();
            older = journal.snapshots().newest(seq - 1);
        }
        return new StateAt(journal).start(seq);
    }

    /** Takes the next commit. */
    public void accept(Commit commit) {
        commits++;
        if (commit.seq() != last + 1) {
            fault(commit, "follows " + last);
        }
        if (commit.time().isBefore(time)) {
            fault(commit, "is older than the one before");
        }
        last = commit.seq();
        time = commit.time();
        if (!lost) {
            foldOrGiveUp(commit);
        }
    }

    /** A commit that contradicts its own past may break any assumption of the fold; from then on only order and time are looked at. */
    private void foldOrGiveUp(Commit commit) {
        try {
            decideAgain(commit);
        } catch (RuntimeException e) {
            fault(commit, "does not fit the state before it: " + e.getMessage());
            lost = true;
        }
    }

    private void decideAgain(Commit commit) {
        if (commit.fact() instanceof Fact.ServerStarted started) {
            ours = started.isByOurRules();
        }
        if (!ours) {
            readBack(commit);
            return;
        }
        Verdict verdict = Core.decide(yard, commit.fact(), commit.time());
        boolean same = verdict.decisions().equals(commit.decisions());
        if (!same) {
            fault(
                    commit,
                    "on " + commit.fact().type() + " recorded " + commit.decisions() + ", decided again "
                            + verdict.decisions());
        }
        if (same && commit.seq() % COMPARE_EVERY != 0) {
            yard = verdict.next();
            return;
        }
        yard = Core.apply(yard, commit);
        if (same && !yard.stateHash().equals(verdict.next().stateHash())) {
            fault(commit, "leads to another state when it is read back");
        }
    }

    private void readBack(Commit commit) {
        onlyRead++;
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.SnapshotTaken taken
                    && !taken.stateHash().equals(yard.stateHash())) {
                fault(
                        commit,
                        "recorded a state with the hash " + taken.stateHash() + ", read back " + yard.stateHash());
            }
        }
        yard = Core.apply(yard, commit);
    }

    private void fault(Commit commit, String what) {
        if (faults.size() < FAULTS_LIMIT) {
            faults.add("commit " + commit.seq() + " " + what);
        }
    }

    /** What was found so far. */
    public Report report() {
        return new Report(last - commits + 1, last, commits, onlyRead, yard.stateHash(), faults);
    }
}
