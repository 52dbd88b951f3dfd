package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.Config;
import dev.turntable.config.ConfigDiff;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A reload is a difference: it says what must stop, what may go on, and never a value. */
class ConfigDiffTest {
    private static final String BASE = """
            apiKeys: [secret-one]
            models:
              a: {cmd: 'svr --port ${PORT}', aliases: [x]}
              b: {cmd: 'svr --port ${PORT}'}
              c: {cmd: 'svr --port ${PORT}'}
            """;

    private static ConfigDiff diff(String after) {
        Config old = Loads.good(BASE);
        return ConfigDiff.between(old, Loads.good(after, new LoadOptions(Map.of(), ports(old))));
    }

    private static Map<String, Integer> ports(Config config) {
        Map<String, Integer> ports = new java.util.HashMap<>();
        config.models().forEach((id, model) -> ports.put(id, model.port().getAsInt()));
        return ports;
    }

    @Test
    void nothingDiffersFromItself() {
        assertTrue(diff(BASE).isEmpty());
        assertEquals(List.of("a", "b", "c"), diff(BASE).unchanged());
    }

    @Test
    void anEditedAliasTouchesNoProcess() {
        ConfigDiff diff = diff(BASE.replace("[x]", "[y]"));
        assertEquals(List.of("a"), diff.retuned());
        assertEquals(List.of("b", "c"), diff.unchanged());
        assertEquals(List.of(), diff.changed());
    }

    @Test
    void anEditedCommandConcernsThatModelOnly() {
        ConfigDiff diff = diff(BASE.replace("b: {cmd: 'svr", "b: {cmd: 'svr2"));
        assertEquals(List.of("b"), diff.changed());
        assertEquals(List.of("a", "c"), diff.unchanged());
    }

    @Test
    void aNewFirstModelLeavesThePortsOfTheOthersAlone() {
        ConfigDiff diff = diff(BASE + "  A: {cmd: 'svr --port ${PORT}'}\n");
        assertEquals(List.of("A"), diff.added());
        assertEquals(List.of("a", "b", "c"), diff.unchanged());
    }

    @Test
    void aRemovedModelIsNamed() {
        assertEquals(
                List.of("c"),
                diff(BASE.replace("  c: {cmd: 'svr --port ${PORT}'}\n", "")).removed());
    }

    @Test
    void otherKeysAreNamedWithoutTheirValues() {
        ConfigDiff diff = diff(BASE.replace("secret-one", "secret-two") + "globalTTL: 60\nturntable: {maxWait: 9s}\n");
        assertEquals(List.of("a", "b", "c"), diff.retuned());
        assertEquals(List.of("globalTTL", "apiKeys", "turntable.maxWait"), diff.settings());
        assertFalse(diff.toString().contains("secret"));
    }

    @Test
    void keptPortsAreGivenToNobodyElse() {
        Config config = Loads.good(BASE, new LoadOptions(Map.of(), Map.of("c", 5800, "gone", 5801)));
        assertEquals(OptionalInt.of(5802), config.models().get("a").port());
        assertEquals(OptionalInt.of(5803), config.models().get("b").port());
        assertEquals(OptionalInt.of(5800), config.models().get("c").port());
    }
}
