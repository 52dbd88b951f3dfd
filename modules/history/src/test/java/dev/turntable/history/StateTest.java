package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ProcessState;
import dev.turntable.journal.Journal;
import dev.turntable.journal.MemoryJournal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The state of any moment is the fold up to there, and a journal decided again says what it says (docs/http-api.md, docs/simulation.md). */
class StateTest {
    private final Journal journal = MemoryJournal.create();

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void everyCommitLeadsToTheStateItLedTo() {
        Decided told = Decided.story(journal);
        StateAt states = new StateAt(journal);
        for (int seq = 0; seq < told.hashes.size(); seq++) {
            assertEquals(told.hashes.get(seq), states.after(seq).stateHash(), "after commit " + seq);
            assertEquals(
                    told.hashes.get(seq), new StateAt(journal).after(seq).stateHash(), "from the beginning to " + seq);
        }
    }

    @Test
    void aSnapshotOnTheWayChangesNothing() {
        Decided told = new Decided(journal);
        told.ask(1, World.A);
        told.snapshot();
        long snapshot = journal.head();
        told.ready(World.A);
        StateAt states = new StateAt(journal);
        assertEquals(snapshot, states.start(journal.head()).seq());
        assertEquals(told.hashes.getLast(), states.after(journal.head()).stateHash());
        assertEquals(told.hashes.get((int) snapshot), states.after(snapshot).stateHash());
        assertEquals(told.hashes.get(1), states.after(1).stateHash());
    }

    @Test
    void aSnapshotThatIsNotWhatItSaysIsLeftOut() {
        Decided told = Decided.story(journal);
        journal.snapshots().save(5, "0".repeat(64), new byte[] {'{', '}'});
        assertEquals(
                told.hashes.getLast(),
                new StateAt(journal).after(journal.head()).stateHash());
    }

    @Test
    void aMomentIsNamedByCursorSeqOrTime() {
        Decided told = Decided.story(journal);
        StateAt states = new StateAt(journal);
        assertEquals(journal.head(), states.at(Optional.empty()).seq());
        assertEquals(3, states.at(Optional.of("3")).seq());
        assertEquals(3, states.at(Optional.of(journal.cursors().of(3, 0))).seq());
        Moment third = states.after(3);
        assertEquals(3, states.at(Optional.of(third.time().toString())).seq());
        assertEquals(
                3, states.at(Optional.of(third.time().plusMillis(9).toString())).seq());
        assertEquals(told.now(), states.at(Optional.of("2999-01-01T00:00:00Z")).time());
        assertEquals(
                404,
                assertThrows(HistoryException.class, () -> states.at(Optional.of("99999")))
                        .code()
                        .status());
        assertEquals(
                400,
                assertThrows(HistoryException.class, () -> states.at(Optional.of("yesterday")))
                        .code()
                        .status());
    }

    @Test
    void aMomentShowsModelsLeasesAndQueue() {
        Decided told = new Decided(journal);
        told.ask(1, World.A);
        told.ready(World.A);
        told.ask(2, World.B);
        String json = new String(new StateAt(journal).at(Optional.empty()).json(), StandardCharsets.UTF_8);
        assertTrue(
                json.contains(
                        "{\"model\":\"a\",\"state\":\"ready\",\"leases\":1,\"run\":\"a#1\",\"because\":\"requested\""),
                json);
        assertTrue(
                json.contains("\"queue\":[{\"model\":\"b\",\"request\":\"r-2\",\"by\":\"request\",\"priority\":0"),
                json);
        assertTrue(json.contains("{\"request\":\"r-1\",\"model\":\"a\""), json);
        assertTrue(json.contains("\"place\":\"served by a#1\""), json);
    }

    @Test
    void decidedAgainAJournalAgreesWithItself() {
        Decided told = Decided.story(journal);
        Verification.Report report = Verification.of(journal);
        assertEquals(List.of(), report.faults());
        assertEquals(journal.head(), report.commits());
        assertEquals(told.hashes.getLast(), report.stateHash());
    }

    @Test
    void aForgedDecisionIsFound() {
        Decided.story(journal);
        List<Commit> commits = new ArrayList<>();
        try (Journal.Reader reader = journal.read(1)) {
            while (reader.hasNext()) {
                commits.add(reader.next());
            }
        }
        int forged = 0;
        while (commits.get(forged).decisions().stream().noneMatch(Decision.StartOrdered.class::isInstance)) {
            forged++;
        }
        Commit real = commits.get(forged);
        List<Decision> fewer = real.decisions().stream()
                .filter(d -> !(d instanceof Decision.StartOrdered))
                .toList();
        commits.set(
                forged,
                new Commit(
                        real.seq(),
                        real.time(),
                        real.monotonicNanos(),
                        real.epoch(),
                        real.serverRun(),
                        real.fact(),
                        fewer));
        Verification verification = new Verification();
        commits.forEach(verification::accept);
        assertFalse(verification.report().agrees());
        assertTrue(
                verification
                        .report()
                        .faults()
                        .getFirst()
                        .startsWith("commit " + real.seq() + " on request.arrived recorded"),
                verification.report().faults().getFirst());
    }

    @Test
    void whatAServerOfOtherRulesConcludedIsOnlyReadBack() {
        Decided told = Decided.story(journal);
        Verification verification = new Verification();
        try (Journal.Reader reader = journal.read(1)) {
            while (reader.hasNext()) {
                verification.accept(ofOtherRules(reader.next()));
            }
        }
        Verification.Report report = verification.report();
        assertEquals(List.of(), report.faults());
        assertEquals(journal.head(), report.onlyRead());
        assertEquals(told.hashes.getLast(), report.stateHash());
    }

    /** Every commit says something more than the core of today would. */
    private static Commit ofOtherRules(Commit c) {
        Fact fact = c.fact() instanceof Fact.ServerStarted s
                ? new Fact.ServerStarted(s.version(), s.pid(), s.boot(), OptionalInt.empty())
                : c.fact();
        List<Decision> more = new ArrayList<>(c.decisions());
        more.add(new Decision.TransitionRefused(Optional.empty(), ProcessState.STOPPED, "of old"));
        return new Commit(c.seq(), c.time(), c.monotonicNanos(), c.epoch(), c.serverRun(), fact, more);
    }

    @Test
    void aMissingCommitIsFound() {
        Decided.story(journal);
        Verification verification = new Verification();
        try (Journal.Reader reader = journal.read(1)) {
            while (reader.hasNext()) {
                Commit commit = reader.next();
                if (commit.seq() != 4) {
                    verification.accept(commit);
                }
            }
        }
        assertEquals("commit 5 follows 3", verification.report().faults().getFirst());
    }
}
