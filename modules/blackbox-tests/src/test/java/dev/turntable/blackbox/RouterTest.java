package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.command;
import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.TurntableProcess;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who has to leave for whom, by group and by matrix, and swaps that are in each other's way. */
class RouterTest {
    /** A stop that takes as long as the test wants. */
    private static final String GATED_STOP = "cmdStop: sh -c 'until [ -e may-stop ]; do sleep 0.01; done; kill ${PID}'";

    @Test
    @SpecCase("175")
    void ofTwoModelsThatMustEvictTheSameOneTheSecondWaits() {
        try (var turntable = TurntableProcess.configured(new Groups()
                        .together(model("x", "", "unloadTimeout: 30", GATED_STOP))
                        .group("swap: false, exclusive: true", model("one"), model("two"))
                        .yaml())
                .start()) {
            Story x = turntable.story("x");
            x.pid();
            CompletableFuture<Answer> one = turntable.story("one").ask("");
            x.await("stop.ordered");
            Story second = turntable.story("two");
            CompletableFuture<Answer> two = second.ask("");
            assertEquals(
                    "[\"one\"]",
                    second.await("request.queued").at("/data/behind").toString());
            turntable.open("may-stop");
            one.join().expect(200);
            two.join().expect(200);
            assertTrue(seq(x.await("process.exited")) <= seq(second.await("swap.started")));
            assertEquals(Set.of("one", "two"), turntable.states().keySet());
        }
    }

    @Test
    @SpecCase("176")
    void oneSwapThatEndsMayUnblockTwoModels() {
        try (var turntable = TurntableProcess.configured(new Groups()
                        .together(command(
                                "x",
                                "sh -c 'until [ -e may-fail ]; do sleep 0.01; done; exit 3 # ${PORT}'",
                                "checkEndpoint: /health"))
                        .group("swap: false, exclusive: true", model("one"), model("two"))
                        .yaml())
                .start()) {
            Story one = turntable.story("one");
            Story two = turntable.story("two");
            CompletableFuture<Answer> x = turntable.story("x").ask("");
            List<CompletableFuture<Answer>> asked = List.of(one.ask(""), two.ask(""));
            one.await("request.queued");
            two.await("request.queued");
            turntable.open("may-fail");
            x.join().expect(500);
            asked.forEach(answer -> answer.join().expect(200));
            long end = seq(turntable.story("x").await("swap.failed"));
            assertEquals(end, seq(one.await("start.ordered")), "both begin with the end of that swap");
            assertEquals(end, seq(two.await("start.ordered")));
        }
    }

    /** {@code alone} swaps; {@code crowd} does not; {@code kept} is persistent; {@code meek} does not exclude anybody. */
    private static TurntableProcess groups() {
        return TurntableProcess.configured(new Groups()
                        .group("swap: true, exclusive: true", model("alone-1"), model("alone-2"))
                        .group("swap: false, exclusive: true", model("crowd-1"), model("crowd-2"))
                        .group("swap: true, exclusive: true, persistent: true", model("kept"))
                        .group("swap: true, exclusive: false", model("meek"))
                        .yaml())
                .start();
    }

    @Test
    @SpecCase({"188", "189", "190", "191a"})
    void groupsSayWhoHasToLeave() {
        try (var turntable = groups()) {
            assertEquals(Set.of("alone-1"), after(turntable, "alone-1"));
            assertEquals(Set.of("alone-2"), after(turntable, "alone-2"), "188: a sibling of a swapping group leaves");
            assertEquals(Set.of("crowd-1"), after(turntable, "crowd-1"), "189: an exclusive group ends the others");
            assertEquals(Set.of("crowd-1", "crowd-2"), after(turntable, "crowd-2"), "188: without swap both run");
            assertEquals(Set.of("kept"), after(turntable, "kept"));
            assertEquals(Set.of("kept", "alone-1"), after(turntable, "alone-1"), "189: but never a persistent one");
            assertEquals(
                    Set.of("kept", "alone-1", "meek"),
                    after(turntable, "meek"),
                    "190: a group that excludes nobody ends nobody, not even an exclusive one");
            assertEquals(
                    Set.of("kept", "alone-1"),
                    after(turntable, "alone-1"),
                    "191a: the exclusive one, ready all the time, ends what came beside it");
            assertEquals(2, turntable.story("alone-1").count("process.spawned"), "it was not started again for that");
            assertTrue(
                    seq(turntable.story("meek").await("process.exited"))
                            <= seq(turntable.story("alone-1").await("request.admitted", 3)),
                    "191a: before it serves");
        }
    }

    /** Two cold models in the same millisecond, as near as two threads can come to it, ten times. */
    @Test
    @SpecCase("191")
    void siblingsAskedForAtTheSameMomentAreLoadedOneAfterTheOther() {
        try (var turntable = TurntableProcess.configured(
                        new Groups().swapping(model("one"), model("two")).yaml())
                .start()) {
            for (int round = 0; round < 10; round++) {
                Stream.of("one", "two")
                        .map(name -> turntable.http().chatLater(name, ""))
                        .toList()
                        .forEach(answer -> answer.join().expect(200));
                turntable.http().get("/unload").expect(200);
            }
            int alive = 0;
            for (JsonNode event : turntable.history("type=process.spawned&type=process.exited&limit=1000")) {
                alive += event.get("type").asText().equals("process.spawned") ? 1 : -1;
                assertTrue(alive <= 1, event.toString());
            }
            assertTrue(turntable.story("one").count("process.spawned") >= 10);
            assertTrue(turntable.story("two").count("process.spawned") >= 10);
        }
    }

    @Test
    @SpecCase("191b")
    void ofTwoMatrixSetsThatCostTheSameTheFirstByNameWins() {
        try (var turntable = TurntableProcess.configured(
                        "matrix: {sets: {zz: a & b, aa: a & c, free: b & c}}\nmodels:\n" + model("a") + model("b")
                                + model("c"))
                .start()) {
            assertEquals(Set.of("b"), after(turntable, "b"));
            assertEquals(Set.of("b", "c"), after(turntable, "c"));
            assertEquals(Set.of("a", "c"), after(turntable, "a"));
            assertEquals(
                    "aa",
                    turntable.story("a").await("swap.started").at("/data/set").asText());
            turntable
                    .http()
                    .readUntil(
                            "/logs/stream/proxy", "matrix: model=a set=aa dsl=\"a & c\" evict=[b] target=[a c] cost=1");
        }
    }

    /** The models that run when this one has answered. */
    private static Set<String> after(TurntableProcess turntable, String model) {
        turntable.http().chat(model).expect(200);
        return turntable.states().keySet();
    }

    private static long seq(JsonNode event) {
        return event.get("seq").asLong();
    }
}
