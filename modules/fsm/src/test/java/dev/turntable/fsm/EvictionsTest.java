package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.SetExpr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who leaves for whom: groups (llama-swap §5.4) and the matrix (§5.5). */
class EvictionsTest {
    /** Asks for the models one after the other; each is loaded, served and left idle. Returns what runs after each. */
    private static List<String> sequence(Rules rules, String models) {
        Scene s = Scene.of(rules);
        List<String> seen = new ArrayList<>();
        for (String model : models.split(" ")) {
            s.seconds(1);
            RequestId id = s.ask(model);
            s.yard().runs().stream().filter(Run::isLeaving).forEach(r -> s.exited(r.id()));
            if (s.run(model).loaded().ready().isEmpty()) {
                s.spawned(model);
                s.ready(model);
            }
            s.assertServed(id);
            s.finish(id);
            seen.add(s.running().replace(":ready", ""));
        }
        return seen;
    }

    private static void check(Rules rules, String models, String... seen) {
        assertEquals(Arrays.asList(seen), sequence(rules, models));
    }

    // Groups

    @Test
    void withoutGroupsExactlyOneRuns() {
        check(Rules.models("a", "b", "c"), "a b a c c b", "a", "b", "a", "c", "c", "b");
    }

    @Test
    void nonExclusiveSwappingGroupsHoldOneEach() {
        check(
                Rules.models("a", "b", "c", "d")
                        .group("g", true, false, false, "a", "b")
                        .group("h", true, false, false, "c", "d"),
                "a c b d a",
                "a",
                "a c",
                "b c",
                "b d",
                "a d");
    }

    @Test
    void aGroupThatDoesNotSwapAccumulates() {
        check(Rules.models("a", "b").group("g", false, true, false, "a", "b"), "a b a", "a", "a b", "a b");
    }

    @Test
    void persistentGroupsSurviveExclusiveRequests() {
        check(
                Rules.models("a", "b", "c", "d", "e")
                        .group("p", false, false, true, "a", "b")
                        .group("g", true, true, false, "c", "d"),
                "a c b d e c a",
                "a",
                "a c",
                "a b c",
                "a b d",
                "a b e",
                "a b c",
                "a b c");
    }

    @Test
    void persistenceDoesNotProtectFromSiblings() {
        check(
                Rules.models("a", "b", "c")
                        .group("p", true, false, true, "a", "b")
                        .group("g", true, true, false, "c"),
                "a b c a c",
                "a",
                "b",
                "b c",
                "a c",
                "a c");
    }

    @Test
    void aNonExclusiveTargetLeavesAnExclusiveGroupAlone() {
        check(
                Rules.models("x", "n").group("ex", true, true, false, "x").group("no", true, false, false, "n"),
                "x n",
                "x",
                "n x");
    }

    @Test
    void aReadyModelOfAnExclusiveGroupEvictsWhatCameBesideIt() {
        Scene s = Scene.of(
                Rules.models("a", "b").group("ex", true, true, false, "a").group("no", true, false, false, "b"));
        s.idle("a");
        RequestId b = s.busy("b");
        assertEquals("a:ready b:ready", s.running());
        s.seconds(1);
        RequestId a = s.ask("a");
        s.assertQueued(a); // ready, but b serves
        s.finish(b);
        assertTrue(s.isJoined(a));
        assertEquals("a:ready b:stopping", s.running());
        s.exited("b");
        s.assertServed(a);
        assertEquals("a b", s.starts());
        assertEquals(
                java.time.Duration.ZERO,
                s.last(Decision.SwapFinished.class).getFirst().start());
    }

    @Test
    void aModelThatIsNoLongerConfiguredBelongsToNoGroup() {
        Scene s = Scene.of(Rules.models("a", "b", "x").group("ab", false, true, false, "a", "b"));
        RequestId x = s.busy("x");
        s.configure(Rules.models("a", "b").group("ab", false, true, false, "a", "b"));
        RequestId a = s.ask("a");
        s.assertQueued(a); // its group does not swap, but ends the models of others
        s.finish(x);
        assertTrue(s.isJoined(a));
        assertEquals("x:stopping", s.running());
    }

    // Matrix

    @Test
    void aPairRunsTogether() {
        check(Rules.models("a", "b", "c").set("p", Rules.all("a", "b")), "a b a", "a", "a b", "a b");
    }

    @Test
    void aModelInNoSetRunsAlone() {
        check(Rules.models("a", "b", "c").set("p", Rules.all("a", "b")), "a b c a c", "a", "a b", "c", "a", "c");
    }

    @Test
    void theCheaperEvictionWins() {
        check(
                Rules.models("a", "b", "c").set("x", Rules.all("a", "b")).set("y", Rules.all("a", "c")),
                "b a c b",
                "b",
                "a b",
                "a c",
                "a b");
    }

    private static Rules dear() {
        return Rules.models("a", "b", "c", "d")
                .set("x", Rules.all("a", "b", "d"))
                .set("y", Rules.all("a", "c", "d"))
                .set("z", Rules.all("c", "b"));
    }

    @Test
    void onATieTheFirstSetWins() {
        check(dear(), "b c a", "b", "b c", "a b");
    }

    @Test
    void costsProtectTheDearOne() {
        check(dear().cost("c", 10), "b c a", "b", "b c", "a c");
    }

    @Test
    void theFirstModelOfAllMayBeDearToo() {
        check(
                Rules.models("a", "b", "c")
                        .set("bc", Rules.all("b", "c"))
                        .set("ac", Rules.all("a", "c"))
                        .set("ab", Rules.all("a", "b"))
                        .cost("a", 10),
                "a b c",
                "a",
                "a b",
                "a c");
    }

    @Test
    void insideASetTheWrittenOrderDecides() {
        check(
                Rules.models("a", "b", "c")
                        .set("free", Rules.all("b", "c"))
                        .set("s", Rules.any(Rules.all("a", "c"), Rules.all("a", "b"))),
                "b c a",
                "b",
                "b c",
                "a c");
    }

    @Test
    void aSupersetCostsLess() {
        check(
                Rules.models("a", "b", "c").set("small", Rules.all("a", "b")).set("big", Rules.all("a", "b", "c")),
                "b c a",
                "b",
                "b c",
                "a b c");
    }

    @Test
    void oneAlternativeReplacesTheOther() {
        Scene s = Scene.of(Rules.models("a", "b", "c").set("p", Rules.all("a", Rules.any("b", "c"))));
        s.idle("a").idle("b");
        s.seconds(1);
        s.ask("c");
        Decision.SwapStarted swap = s.last(Decision.SwapStarted.class).getFirst();
        assertEquals("matrix", swap.router());
        assertEquals(Optional.of("p"), swap.set());
        assertEquals(Optional.of("text of p"), swap.dsl());
        assertEquals(1, swap.cost());
        assertEquals(Rules.ids("a", "c"), swap.keep());
        assertEquals(
                List.of(new ModelId("b")),
                swap.evict().stream().map(r -> r.model()).toList());
    }

    @Test
    void aTargetInNoSetEvictsEverybodyAndSaysSo() {
        Scene s = Scene.of(Rules.models("a", "b", "c").set("p", Rules.all("a", "b")));
        s.idle("a").idle("b");
        s.seconds(1);
        s.ask("c");
        Decision.SwapStarted swap = s.last(Decision.SwapStarted.class).getFirst();
        assertEquals(Optional.empty(), swap.set());
        assertEquals(0, swap.cost());
        assertEquals(Rules.ids("c"), swap.keep());
        assertEquals(2, swap.evict().size());
    }

    @Test
    void runningTargetsEvictNobodyEvenInACombinationThatIsNotAllowed() {
        Scene s = Scene.of(Rules.models("a", "b").together());
        s.idle("a").idle("b");
        s.configure(Rules.models("a", "b").set("x", Rules.expr("a")).set("y", Rules.expr("b")));
        s.assertServed(s.ask("a"), s.ask("b"));
    }

    private static SetExpr sixGroupsOfTen() {
        return Rules.all(IntStream.range(0, 6)
                .mapToObj(g -> Rules.any(
                        IntStream.range(0, 10).mapToObj(m -> "g" + g + "-" + m).toArray()))
                .toArray());
    }

    private static Rules big() {
        String[] names = IntStream.range(0, 60)
                .mapToObj(i -> "g" + i / 10 + "-" + i % 10)
                .toArray(String[]::new);
        String[] all = Arrays.copyOf(names, 61);
        all[60] = "out";
        return Rules.models(all).set("all", sixGroupsOfTen()).set("out", Rules.expr("out"));
    }

    @Test
    void aMillionCombinationsAreNotMultipliedOut() {
        check(big(), "g0-3 g5-9 out g2-2 g2-3", "g0-3", "g0-3 g5-9", "out", "g2-2", "g2-3");
    }

    @Test
    void aMillionCombinationsOfRunningModelsAreSolvedToo() {
        Roster roster = Roster.of(big().policy(), java.util.Set.of());
        long[] weights = new long[roster.size()];
        Arrays.fill(weights, 1);
        SetSolver.Member best = new SetSolver(roster).best(sixGroupsOfTen(), weights);
        assertEquals(6, best.weight());
        assertTrue(best.has(roster.indexOf(new ModelId("g0-0")))); // the first written, on a tie
    }

    @Test
    void seventyModelsThatRunTogetherAreSolved() {
        String[] names = IntStream.range(0, 70).mapToObj(i -> "m" + (10 + i)).toArray(String[]::new);
        Scene s = Scene.of(Rules.models(names).set("all", Rules.all((Object[]) names)));
        for (String name : names) {
            s.idle(name);
        }
        assertEquals(70, s.yard().runs().size());
    }

    @Test
    void factorsThatShareModelsAreCombined() {
        Rules rules = Rules.models("a", "b", "c").set("s", Rules.all(Rules.any("a", "b"), Rules.any("b", "c")));
        Roster roster = Roster.of(rules.policy(), java.util.Set.of());
        SetSolver solver = new SetSolver(roster);
        SetExpr expr = Rules.all(Rules.any("a", "b"), Rules.any("b", "c"));
        assertEquals(5, solver.best(expr, new long[] {2, 1, 3}).weight()); // a and c
        assertEquals(6, solver.best(expr, new long[] {1, 4, 2}).weight()); // b and c, or a and b with 5
        assertEquals(0, solver.best(expr, new long[] {0, 0, 0}).weight());
        assertEquals(
                7,
                solver.best(Rules.any("a", "nobody", expr), new long[] {0, 7, 0})
                        .weight());
    }

    /** Seed 334058: a profile spared one of a pair, and the other of that pair stayed beside both. */
    @Test
    void aProfileLoadsItsMembersSideBySideAndNobodyElseWhomTheMatrixDoesNotAllowBesideThem() {
        Rules pairs = Rules.models("a", "b", "c")
                .set("ab", Rules.all("a", "b"))
                .set("bc", Rules.all("b", "c"))
                .set("ac", Rules.all("a", "c"))
                .profile("pair", "a", "b");
        Scene s = Scene.of(pairs);
        s.idle("a").idle("c");
        s.ask("b", Optional.of("pair"), Route.LOCAL);
        assertEquals(Rules.ids("c"), evicted(s));
        Scene apart = Scene.of(Rules.models("a", "b", "c")
                .set("bc", Rules.all("b", "c"))
                .set("a", Rules.all("a"))
                .profile("pair", "a", "b"));
        apart.idle("a");
        apart.ask("b", Optional.of("pair"), Route.LOCAL);
        assertEquals(List.of(), evicted(apart), "the profile wants both, whatever the matrix says");
        apart.spawned("b");
        apart.ready("b");
        apart.ask("c");
        assertEquals(Rules.ids("a"), evicted(apart), "without the profile the matrix alone decides");
    }

    private static List<ModelId> evicted(Scene s) {
        return s.last(Decision.SwapStarted.class).getLast().evict().stream()
                .map(RunId::model)
                .toList();
    }
}
