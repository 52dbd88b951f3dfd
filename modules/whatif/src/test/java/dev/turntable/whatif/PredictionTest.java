package dev.turntable.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.loading.ConfigSources;
import dev.turntable.journal.Journal;
import dev.turntable.whatif.figures.Figures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is predicted is what happens, where it is known what happens: the same clients, really under the other policy. */
class PredictionTest {
    private static Comparison predict(TrueWorld world, Journal record, String candidate, String... assume) {
        Candidate other = Candidate.whole("other", ConfigSources.text("other.yaml", candidate), Map.of());
        return new WhatIf(record, world.archive())
                .ask(
                        new WhatIf.Question("7d", Optional.empty(), List.of(other), List.of(assume), 1, 2),
                        Watcher.PATIENT);
    }

    private static void comesTrue(String before, String after, UnaryOperator<TrueWorld> clients) {
        TrueWorld first = clients.apply(new TrueWorld(before));
        Comparison comparison = predict(first, first.play(), after);
        TrueWorld second = clients.apply(new TrueWorld(after));
        Comparison truth = predict(second, second.play(), after);
        alike(
                "replayed",
                comparison.replayed().orElseThrow().all(),
                comparison.recorded().all());
        alike(
                "predicted",
                comparison.candidates().getFirst().all(),
                truth.recorded().all());
    }

    /** The bounds of the issue. */
    private static void alike(String what, Figures is, Figures should) {
        within(
                what + " swaps",
                is.machine().orElseThrow().swaps(),
                should.machine().orElseThrow().swaps(),
                0.1,
                0);
        within(what + " answers", is.answered(), should.answered(), 0.02, 0);
        within(what + " p95 wait", is.waits().p95(), should.waits().p95(), 0.2, 50_000);
    }

    private static void within(String what, double is, double should, double share, double atLeast) {
        assertTrue(
                Math.abs(is - should) <= Math.max(should * share, atLeast),
                () -> what + ": predicted " + is + ", happened " + should);
    }

    @Test
    void twoAgentsThatAlternateAreServedSideBySide() {
        comesTrue(Traffic.TWO, Traffic.TWO_TOGETHER, Traffic::agents);
    }

    @Test
    void twoAgentsThatWereSideBySideAlternate() {
        comesTrue(Traffic.TWO_TOGETHER, Traffic.TWO, Traffic::agents);
    }

    @Test
    void aShorterTimeToLiveUnloadsMore() {
        comesTrue(Traffic.six(60), Traffic.six(5), Traffic::day);
    }

    @Test
    void aLongerTimeToLiveLoadsLess() {
        comesTrue(Traffic.six(5), Traffic.six(60), Traffic::day);
    }

    @Test
    void aHogThatMustLetAnotherHaveItsTurnSooner() {
        comesTrue(Traffic.TWO, Traffic.TWO + "turntable: {maxWait: 2s}\n", Traffic::hog);
    }

    @Test
    void aClientThatAsksWithoutWaitingForAnswers() {
        comesTrue(Traffic.TWO, Traffic.TWO_TOGETHER, world -> world.open("feed", Traffic.asks("a", 80, 700, 900, 5))
                .closed("two", Traffic.asks("b", 10, 3_000, 300, 2)));
    }

    @Test
    void answersThatShareTheMachineStretch() {
        UnaryOperator<TrueWorld> clients = world -> {
            for (int lane = 0; lane < 4; lane++) {
                world.closed("lane " + lane, Traffic.asks("a", 60, 600, 300, lane));
            }
            return world.closed("two", Traffic.asks("b", 20, 1_500, 300, 9)).sharing(0.5, 0);
        };
        TrueWorld world = clients.apply(new TrueWorld(Traffic.TWO));
        Comparison comparison = predict(world, world.play(), Traffic.TWO);
        String beside = comparison.replayed().orElseThrow().assumptions().stream()
                .filter(a -> a.name().equals("beside"))
                .findFirst()
                .orElseThrow()
                .value();
        double seen = Double.parseDouble(beside.replaceAll("a (.*?),.*", "$1"));
        assertTrue(seen > 0.3 && seen < 0.7, beside);
        alike(
                "replayed",
                comparison.replayed().orElseThrow().all(),
                comparison.recorded().all());
    }

    @Test
    void whoLostPatienceKeepsItWhenItIsHisTurnSooner() {
        UnaryOperator<TrueWorld> clients = world -> {
            List<TrueWorld.Ask> impatient = Traffic.asks("b", 30, 2_000, 300, 3).stream()
                    .map(a -> new TrueWorld.Ask(a.model(), a.think(), a.work(), Optional.of(Duration.ofSeconds(3))))
                    .toList();
            for (int lane = 0; lane < 3; lane++) {
                world.closed("hog", Traffic.asks("a", 120, 10, 500, 10 + lane));
            }
            return world.closed("impatient", impatient);
        };
        comesTrue(Traffic.TWO + "turntable: {maxWait: 10s}\n", Traffic.TWO + "turntable: {maxWait: 1s}\n", clients);
        TrueWorld world = clients.apply(new TrueWorld(Traffic.TWO + "turntable: {maxWait: 10s}\n"));
        Figures recorded =
                predict(world, world.play(), Traffic.TWO).recorded().clients().get("10.0.0.1 impatient");
        assertTrue(recorded.givenUp() > 5, recorded::toString);
    }

    @Test
    void everybodyCanBeGivenEndlessPatience() {
        TrueWorld world = new TrueWorld(Traffic.TWO)
                .closed("hog", Traffic.asks("a", 40, 10, 500, 10))
                .closed(
                        "impatient",
                        List.of(new TrueWorld.Ask(
                                "b", Duration.ofSeconds(2), Duration.ofMillis(10), Optional.of(Duration.ofMillis(20)))))
                .closed("two", List.of(Traffic.ask("b", 60_000, 100)));
        Comparison comparison = predict(world, world.play(), Traffic.TWO, "patience=never");
        assertEquals(1, comparison.recorded().all().givenUp());
        assertEquals(0, comparison.replayed().orElseThrow().all().givenUp());
    }
}
