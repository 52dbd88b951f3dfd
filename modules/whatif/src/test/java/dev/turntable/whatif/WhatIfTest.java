package dev.turntable.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.loading.ConfigSources;
import dev.turntable.event.Actor;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.Journals;
import dev.turntable.whatif.figures.Figures;
import dev.turntable.whatif.figures.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions and their answers, and questions that have none. */
class WhatIfTest {
    private final TrueWorld world = Traffic.agents(new TrueWorld(Traffic.TWO));
    private final Journal record = world.play();

    private Comparison ask(int threads, Watcher watcher, Candidate... candidates) {
        return ask(record, world.archive(), "7d", threads, watcher, candidates);
    }

    private static Comparison ask(
            Journal journal,
            Candidate.Archive archive,
            String from,
            int threads,
            Watcher watcher,
            Candidate... candidates) {
        return new WhatIf(journal, archive)
                .ask(new WhatIf.Question(from, Optional.empty(), List.of(candidates), List.of(), 1, threads), watcher);
    }

    private static Candidate whole(String yaml) {
        return Candidate.whole("new.yaml", ConfigSources.text("new.yaml", yaml), Map.of());
    }

    private static Candidate set(String text) {
        return Candidate.changed(text, Map.of());
    }

    private WhatIfException.Kind refusal(Candidate candidate) {
        return assertThrows(WhatIfException.class, () -> ask(1, Watcher.PATIENT, candidate))
                .kind();
    }

    // Answers

    @Test
    void theSameQuestionHasTheSameBytesHoweverManyThreadsAnswer() {
        Candidate[] candidates = {whole(Traffic.TWO_TOGETHER), set("ttl=5"), set("turntable.maxWait=1s")};
        String once = ask(1, Watcher.PATIENT, candidates).json();
        assertEquals(once, ask(2, Watcher.PATIENT, candidates).json());
        assertEquals(once, ask(4, Watcher.PATIENT, candidates).json());
    }

    @Test
    void aChangeOfTheRecordedConfigurationIsTheConfigurationWithThatChange() {
        Figures changed = ask(1, Watcher.PATIENT, set("groups.both.swap=false,groups.both.members=[a, b]"))
                .candidates()
                .getFirst()
                .all();
        Figures whole = ask(1, Watcher.PATIENT, whole(Traffic.TWO_TOGETHER))
                .candidates()
                .getFirst()
                .all();
        assertEquals(whole, changed);
        assertEquals(2, changed.machine().orElseThrow().swaps());
    }

    @Test
    void aTimeToLiveForAllIsThatOfEachModel() {
        TrueWorld six = Traffic.day(new TrueWorld(Traffic.six(60)));
        Comparison comparison =
                ask(six.play(), six.archive(), "7d", 2, Watcher.PATIENT, set("ttl=5"), set("models.a.ttl=5"));
        long all = unloads(comparison.candidates().get(0));
        long one = unloads(comparison.candidates().get(1));
        assertTrue(all > one && one > unloads(comparison.replayed().orElseThrow()), all + " and " + one);
    }

    private static long unloads(Result result) {
        return result.all().machine().orElseThrow().ttlUnloads();
    }

    @Test
    void eachModelAndEachClientHasFiguresOfItsOwn() {
        Result recorded = ask(1, Watcher.PATIENT).recorded();
        assertEquals(List.of("a", "b"), List.copyOf(recorded.models().keySet()));
        assertEquals(
                List.of("10.0.0.1 one", "10.0.0.1 two"),
                List.copyOf(recorded.clients().keySet()));
        assertEquals(60, recorded.models().get("a").answered());
        assertEquals(120, recorded.all().answered());
    }

    @Test
    void anOperatorsUnloadHappensAgain() {
        TrueWorld other = Traffic.agents(new TrueWorld(Traffic.TWO_TOGETHER))
                .at(Duration.ofSeconds(20), new Fact.UnloadAsked(List.of(new ModelId("a")), Actor.OPERATOR));
        Comparison comparison = ask(other.play(), other.archive(), "7d", 1, Watcher.PATIENT);
        assertEquals(3, comparison.recorded().all().machine().orElseThrow().swaps());
        assertEquals(
                3,
                comparison
                        .replayed()
                        .orElseThrow()
                        .all()
                        .machine()
                        .orElseThrow()
                        .swaps());
    }

    @Test
    void aSpanThatBeginsInTheMiddleBeginsWithWhatIsInMemory() {
        Comparison comparison = ask(record, world.archive(), "60s", 1, Watcher.PATIENT);
        long recorded = comparison.recorded().all().answered();
        assertTrue(recorded > 5 && recorded < 120, "" + recorded);
        long swaps = comparison.recorded().all().machine().orElseThrow().swaps();
        long replayed = comparison
                .replayed()
                .orElseThrow()
                .all()
                .machine()
                .orElseThrow()
                .swaps();
        assertTrue(Math.abs(swaps - replayed) <= 2, swaps + " and " + replayed);
    }

    @Test
    void theTableAndThePageNameEveryColumnAndEveryAssumption() {
        Comparison comparison = ask(1, Watcher.PATIENT, whole(Traffic.TWO_TOGETHER));
        for (String text : List.of(comparison.text(), comparison.html())) {
            for (String word : List.of("recorded", "replayed", "new.yaml", "wait p95", "patience", "10.0.0.1 one")) {
                assertTrue(text.contains(word), () -> word + " in " + text);
            }
        }
        assertFalse(comparison.html().contains("http"), "the page needs something from elsewhere");
    }

    @Test
    void whoHasEnoughGetsWhatThereIsAndIsToldSo() {
        Comparison comparison = ask(
                1,
                new Watcher() {
                    @Override
                    public boolean hasEnough() {
                        return true;
                    }

                    @Override
                    public void progress(String what, double share) {}
                },
                whole(Traffic.TWO_TOGETHER));
        // so short a record is played before anybody looks up
        assertFalse(comparison.isPartial());

        TrueWorld longer = new TrueWorld(Traffic.TWO).closed("one", Traffic.asks("a", 4_000, 400, 300, 1));
        Comparison partial = ask(longer.play(), longer.archive(), "7d", 1, new Watcher() {
            @Override
            public boolean hasEnough() {
                return true;
            }

            @Override
            public void progress(String what, double share) {}
        });
        assertTrue(partial.isPartial());
        assertTrue(partial.json().contains("\"partial\":true"), partial::json);
        assertTrue(partial.text().startsWith("PARTIAL"), partial::text);
    }

    // No answers

    @Test
    void aModelThatOnlyOneSideKnows() {
        assertEquals(
                WhatIfException.Kind.ONE_SIDED,
                refusal(whole("models:\n  a: {cmd: \"a ${PORT}\"}\n")),
                "one that clients asked for is missing");
        assertEquals(
                WhatIfException.Kind.ONE_SIDED,
                refusal(whole(Traffic.TWO.stripTrailing() + "\n  c: {cmd: \"c ${PORT}\"}\n")),
                "one that nobody could have asked for");
    }

    @Test
    void aCandidateThatDoesNotValidate() {
        assertEquals(
                WhatIfException.Kind.REFUSED,
                assertThrows(WhatIfException.class, () -> whole("models: 3\n")).kind());
        assertEquals(WhatIfException.Kind.REFUSED, refusal(set("models.nobody.ttl=3")));
        assertEquals(WhatIfException.Kind.REFUSED, refusal(set("models.a.tttl=3")));
        assertEquals(WhatIfException.Kind.REFUSED, refusal(set("models.a.ttl=soon")));
        assertEquals(
                WhatIfException.Kind.REFUSED,
                assertThrows(WhatIfException.class, () -> set("turntable.router=fit"))
                        .kind());
        assertEquals(
                WhatIfException.Kind.USAGE,
                assertThrows(WhatIfException.class, () -> set("ttl")).kind());
    }

    @Test
    void aChangeOfAConfigurationThatIsNotKept() {
        var refused = assertThrows(
                WhatIfException.class,
                () -> ask(record, _ -> Optional.empty(), "7d", 1, Watcher.PATIENT, set("ttl=3")));
        assertEquals(WhatIfException.Kind.REFUSED, refused.kind());
        assertTrue(refused.getMessage().contains("-config"), refused::getMessage);
    }

    @Test
    void aSpanInWhichNobodyAsked() {
        var nothing =
                assertThrows(WhatIfException.class, () -> ask(record, world.archive(), "1ms", 1, Watcher.PATIENT));
        assertEquals(WhatIfException.Kind.NOTHING, nothing.kind());
        var wrong = assertThrows(
                WhatIfException.class, () -> ask(record, world.archive(), "yesterday", 1, Watcher.PATIENT));
        assertEquals(WhatIfException.Kind.USAGE, wrong.kind());
    }

    @Test
    void aFolderWithoutAWholeJournal(@TempDir Path folder) throws IOException {
        assertEquals(WhatIfException.Kind.UNREADABLE, opening(folder));
        Files.writeString(folder.resolve("readme"), "something else");
        assertEquals(WhatIfException.Kind.UNREADABLE, opening(folder));
        Path begun = folder.resolve("begun");
        Journals.open(begun, JournalOptions.defaults()).close();
        assertEquals(WhatIfException.Kind.UNREADABLE, opening(begun));
    }

    private static WhatIfException.Kind opening(Path folder) {
        return assertThrows(WhatIfException.class, () -> WhatIf.open(folder)).kind();
    }
}
