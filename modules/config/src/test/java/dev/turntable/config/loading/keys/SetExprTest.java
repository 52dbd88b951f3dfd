package dev.turntable.config.loading.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.Config;
import dev.turntable.config.Group;
import dev.turntable.config.Routing;
import dev.turntable.config.SetCover;
import dev.turntable.config.SetExpr;
import dev.turntable.config.SetText;
import dev.turntable.config.loading.Dice;
import dev.turntable.config.loading.Loads;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The matrix language: texts and trees are the same thing, and the answer without multiplying out is the one with it. */
class SetExprTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    @Test
    void aWrittenExpressionParsesToTheSame() {
        for (long seed = 1; seed <= 2_000; seed++) {
            SetExpr expr = expression(new Dice(seed), 4);
            String text = new SetText(Map.of()).of(expr);
            assertEquals(flat(expr), flat(SetParser.parse(text, SetExpr.Name::new)), "seed " + seed + ": " + text);
        }
    }

    @Test
    void anyTextIsParsedOrRefusedWithAReason() {
        for (long seed = 1; seed <= 3_000; seed++) {
            String text = new Dice(seed).text("ab&|()+ -._@\u00e9\t", 14);
            try {
                SetParser.parse(text, SetExpr.Name::new);
            } catch (SetParser.Mistake e) {
                assertTrue(
                        e.getMessage().matches("(?s)empty DSL expression|tokenize: .*|parse: .*"),
                        text + ": " + e.getMessage());
            }
        }
    }

    @Test
    void coverIsWhatExpansionSays() {
        for (long seed = 1; seed <= 3_000; seed++) {
            Dice dice = new Dice(seed);
            SequencedMap<String, SetExpr> sets = new LinkedHashMap<>();
            for (int i = 0; i < 1 + dice.below(3); i++) {
                SetExpr expr = expression(dice, 3);
                sets.put(
                        "s" + i,
                        i > 0 && dice.once(2) ? new SetExpr.And(List.of(expr, new SetExpr.Ref("s" + (i - 1)))) : expr);
            }
            Set<Set<String>> members = new HashSet<>();
            sets.values().forEach(set -> members.addAll(expand(set, sets)));
            Set<String> wanted = IntStream.range(0, 1 + dice.below(3))
                    .mapToObj(i -> dice.of(NAMES))
                    .collect(Collectors.toCollection(TreeSet::new));
            boolean expected = members.stream().anyMatch(member -> member.containsAll(wanted));
            assertEquals(expected, new SetCover(sets).covers(wanted), "seed " + seed + ": " + sets + " " + wanted);
        }
    }

    @Test
    void seventyTogetherAreAnsweredAtOnce() {
        List<String> names = IntStream.range(0, 70).mapToObj(i -> "m" + i).toList();
        SetExpr all = SetParser.parse(String.join(" & ", names), SetExpr.Name::new);
        assertTrue(new SetCover(new LinkedHashMap<>(Map.of("all", all))).covers(Set.copyOf(names)));
    }

    @Test
    void everyModelIsInOneGroup() {
        Config config = Loads.good("""
                models: {c: {cmd: x, proxy: h}, a: {cmd: x, proxy: h}, b: {cmd: x, proxy: h, aliases: [bee]}}
                groups: {g: {swap: false, members: [c, bee]}}
                """);
        Routing.Groups groups = (Routing.Groups) config.routing();
        assertEquals(List.of("a", "b"), groups.of("a").members());
        assertEquals(new Group("(default)", true, true, false, List.of("a", "b")), groups.of("b"));
        assertEquals(new Group("g", false, true, false, List.of("c")), groups.of("c"));
        assertEquals(
                List.of("(default)", "g"),
                groups.groups().stream().map(Group::id).toList());
    }

    private static SetExpr expression(Dice dice, int depth) {
        if (depth == 0 || dice.once(3)) {
            return new SetExpr.Name(dice.of(NAMES));
        }
        List<SetExpr> parts = IntStream.range(0, 2 + dice.below(2))
                .mapToObj(i -> expression(dice, depth - 1))
                .toList();
        return dice.once(2) ? new SetExpr.And(parts) : new SetExpr.Or(parts);
    }

    /** Nested operators of one kind are one. */
    private static SetExpr flat(SetExpr expr) {
        return switch (expr) {
            case SetExpr.Name name -> name;
            case SetExpr.Ref ref -> ref;
            case SetExpr.And and ->
                new SetExpr.And(and.parts().stream()
                        .map(SetExprTest::flat)
                        .flatMap(part ->
                                part instanceof SetExpr.And inner ? inner.parts().stream() : List.of(part).stream())
                        .toList());
            case SetExpr.Or or ->
                new SetExpr.Or(or.parts().stream()
                        .map(SetExprTest::flat)
                        .flatMap(part ->
                                part instanceof SetExpr.Or inner ? inner.parts().stream() : List.of(part).stream())
                        .toList());
        };
    }

    private static Set<Set<String>> expand(SetExpr expr, SequencedMap<String, SetExpr> sets) {
        return switch (expr) {
            case SetExpr.Name name -> Set.of(Set.of(name.model()));
            case SetExpr.Ref ref -> expand(sets.get(ref.set()), sets);
            case SetExpr.Or or ->
                or.parts().stream().flatMap(part -> expand(part, sets).stream()).collect(Collectors.toSet());
            case SetExpr.And and -> {
                Set<Set<String>> members = Set.of(Set.of());
                for (SetExpr part : and.parts()) {
                    Set<Set<String>> more = expand(part, sets);
                    members = members.stream()
                            .flatMap(left -> more.stream().map(right -> union(left, right)))
                            .collect(Collectors.toSet());
                }
                yield members;
            }
        };
    }

    private static Set<String> union(Set<String> left, Set<String> right) {
        Set<String> both = new HashSet<>(left);
        both.addAll(right);
        return Set.copyOf(both);
    }
}
