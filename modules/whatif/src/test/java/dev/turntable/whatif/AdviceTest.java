package dev.turntable.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is advised pays, is what a user can paste, and is silent when nothing would help. */
class AdviceTest {
    private static Advice advise(TrueWorld world) {
        var question = new WhatIf.Question("7d", Optional.empty(), List.of(), List.of(), 1, 2);
        return new WhatIf(world.play(), world.archive()).advise(question, Map.of(), Watcher.PATIENT);
    }

    @Test
    void twoModelsThatAlternateAreAdvisedToRunSideBySide() {
        String text = advise(Traffic.agents(new TrueWorld(Traffic.TWO))).text();
        assertTrue(text.contains("1. run a and b side by side"), text);
        assertTrue(text.contains("swaps 120 → 2"), text);
        String yaml = "groups:\n  together:\n    swap: false\n    members: [a, b]\n";
        assertTrue(text.contains(yaml.indent(7)), text);
        assertTrue(
                ConfigLoader.load(ConfigSources.text("t", Traffic.TWO + yaml), LoadOptions.of(Map.of()))
                        instanceof LoadResult.Loaded);
    }

    @Test
    void modelsOfAGroupThatSwapsLeaveIt() {
        String grouped = Traffic.TWO + "routing: {router: {settings: {groups: {g: {members: [a, b]}}}}}\n";
        String text = advise(Traffic.agents(new TrueWorld(grouped))).text();
        assertTrue(text.contains("        together:\n") || text.contains("together:"), text);
        assertTrue(text.contains("routing:"), text);
    }

    @Test
    void aTimeToLiveThatIsTooShortIsNamed() {
        String text = advise(Traffic.day(new TrueWorld(Traffic.six(5)))).text();
        assertTrue(text.contains("1. let every model stay in memory when nobody uses it"), text);
        assertTrue(text.contains("ttl: 0"), text);
    }

    @Test
    void nothingIsSaidToHelpWhereNothingWould() {
        Advice advice = advise(new TrueWorld(Traffic.TWO).closed("one", Traffic.asks("a", 50, 400, 300, 1)));
        assertTrue(advice.text().contains("Nothing that was tried would have helped."), advice::text);
        assertTrue(advice.json().contains("\"advice\":[]"), advice::json);
        assertEquals(false, advice.isPartial());
    }
}
