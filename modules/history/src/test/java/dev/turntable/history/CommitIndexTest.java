package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The index rules out most blocks, and never one that holds a match. */
class CommitIndexTest {
    private final Random random = new Random(11);

    private Commit commit(long seq, int models) {
        RequestId request = new RequestId(Math.max(1, seq / 2 - random.nextInt(20)));
        RunId run = new RunId(new ModelId("m" + random.nextInt(models)), seq / 50 + 1);
        Fact fact = random.nextBoolean()
                ? new Fact.RequestFinished(
                        request,
                        Outcome.OK,
                        200,
                        1,
                        Optional.empty(),
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())
                : new Fact.ProbeTimedOut(run, 1);
        List<Decision> decisions =
                random.nextInt(4) == 0 ? List.of(new Decision.RequestAdmitted(request, run, 0)) : List.of();
        return new Commit(seq, Instant.EPOCH, 0, 1, 1, fact, decisions);
    }

    private static HistoryFilter filter(
            Optional<ModelId> model, Optional<RunId> run, Optional<RequestId> request, String... types) {
        return new HistoryFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(types),
                model,
                run,
                request,
                Optional.empty(),
                Optional.empty(),
                false,
                100);
    }

    private static Set<Long> blocks(CommitIndex index, HistoryFilter filter, long last) {
        Set<Long> found = new HashSet<>();
        Optional<Long> next = index.next(filter, 0, last);
        while (next.isPresent()) {
            found.add(next.get());
            next = index.next(filter, next.get() + 1, last);
        }
        Set<Long> down = new HashSet<>();
        Optional<Long> previous = index.previous(filter, last, 0);
        while (previous.isPresent()) {
            down.add(previous.get());
            previous = index.previous(filter, previous.get() - 1, 0);
        }
        assertEquals(found, down);
        return found;
    }

    private static boolean holds(List<Commit> commits, HistoryFilter filter, long block) {
        return commits.stream()
                .filter(commit -> CommitIndex.blockOf(commit.seq()) == block)
                .anyMatch(commit -> {
                    for (int n = 0; n <= commit.decisions().size(); n++) {
                        if (filter.matches(commit, n)) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    @Test
    void itNeverRulesOutABlockThatHoldsAMatch() throws IOException {
        CommitIndex index = new CommitIndex();
        List<Commit> commits = new ArrayList<>();
        for (long seq = 100; seq < 6_000; seq++) {
            Commit commit = commit(seq, 40);
            commits.add(commit);
            index.add(commit, new OpenRequests());
        }
        CommitIndex loaded = saved(index);
        long last = CommitIndex.blockOf(5_999);
        for (int i = 0; i < 60; i++) {
            HistoryFilter filter =
                    switch (i % 4) {
                        case 0 -> filter(Optional.of(new ModelId("m" + i)), Optional.empty(), Optional.empty());
                        case 1 -> filter(Optional.empty(), Optional.empty(), Optional.of(new RequestId(i * 40L)));
                        case 2 ->
                            filter(Optional.empty(), Optional.of(new RunId(new ModelId("m1"), i)), Optional.empty());
                        default ->
                            filter(
                                    Optional.of(new ModelId("m2")),
                                    Optional.empty(),
                                    Optional.empty(),
                                    "process.*",
                                    "swap.started");
                    };
            Set<Long> candidates = blocks(index, filter, last);
            assertEquals(candidates, blocks(loaded, filter, last));
            for (long block = 0; block <= last; block++) {
                assertTrue(
                        candidates.contains(block) || !holds(commits, filter, block),
                        "block " + block + " of " + filter);
            }
            if (i % 4 == 1) {
                assertTrue(candidates.size() < 8, "a request is found in a few blocks, not " + candidates.size());
            }
        }
    }

    @Test
    void modelsBeyondTheLimitShareABitAndAreStillFound() {
        CommitIndex index = new CommitIndex();
        long seq = 0;
        for (int i = 0; i < CommitIndex.KEY_LIMIT + 500; i++) {
            index.add(
                    new Commit(
                            ++seq,
                            Instant.EPOCH,
                            0,
                            1,
                            1,
                            new Fact.LoadAsked(new ModelId("made-up-" + i), dev.turntable.event.Actor.OPERATOR),
                            List.of()),
                    new OpenRequests());
        }
        HistoryFilter late = filter(
                Optional.of(new ModelId("made-up-" + (CommitIndex.KEY_LIMIT + 100))),
                Optional.empty(),
                Optional.empty());
        assertTrue(blocks(index, late, CommitIndex.blockOf(seq))
                .contains(CommitIndex.blockOf(CommitIndex.KEY_LIMIT + 101)));
    }

    private static CommitIndex saved(CommitIndex index) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        index.save(new DataOutputStream(bytes));
        return CommitIndex.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
