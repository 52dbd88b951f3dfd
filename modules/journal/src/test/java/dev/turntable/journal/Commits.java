package dev.turntable.journal;

import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Commits whose whole content follows from their seq, so that anyone can tell whether one is as it was written. */
final class Commits {
    static final Instant START = Instant.parse("2026-09-01T10:00:00.000001Z");

    private Commits() {}

    static Instant timeOf(long seq) {
        return START.plus(Duration.ofMillis(10 * seq));
    }

    static Fact factOf(long seq) {
        return new Fact.LoadAsked(runOf(seq).model(), Actor.operator("key " + seq));
    }

    static List<Decision> decisionsOf(long seq) {
        RunId run = runOf(seq);
        return seq % 2 == 0
                ? List.of()
                : List.of(new Decision.KillOrdered(run, Reason.OPERATOR), new Decision.TtlCancelled(run));
    }

    private static RunId runOf(long seq) {
        return new RunId(new ModelId("model-" + seq % 7), seq);
    }

    static Commit appendNext(Journal journal) {
        long seq = journal.head() + 1;
        return journal.append(timeOf(seq), seq * 1000, factOf(seq), decisionsOf(seq));
    }

    /** Whether the commit is the one its seq calls for. */
    static boolean isTrue(Commit commit) {
        long seq = commit.seq();
        return commit.time().equals(timeOf(seq))
                && commit.fact().equals(factOf(seq))
                && commit.decisions().equals(decisionsOf(seq));
    }
}
