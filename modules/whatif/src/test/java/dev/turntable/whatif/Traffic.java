package dev.turntable.whatif;

import dev.turntable.sim.machine.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clients as people know them, for tests. */
final class Traffic {
    static final String TWO = """
            models:
              a: {cmd: "a ${PORT}", concurrencyLimit: 100}
              b: {cmd: "b ${PORT}", concurrencyLimit: 100}
            """;
    static final String TWO_TOGETHER = TWO + """
            groups:
              both: {swap: false, members: [a, b]}
            """;

    private Traffic() {}

    static TrueWorld.Ask ask(String model, long thinkMillis, long workMillis) {
        return new TrueWorld.Ask(
                model, Duration.ofMillis(thinkMillis), Duration.ofMillis(workMillis), Optional.empty());
    }

    /** So many of one model, with pauses and answers that vary. */
    static List<TrueWorld.Ask> asks(String model, int count, long think, long work, long seed) {
        Chance chance = new Chance(seed).split(model);
        List<TrueWorld.Ask> asks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asks.add(new TrueWorld.Ask(
                    model,
                    chance.between(Duration.ofMillis(think / 2), Duration.ofMillis(think * 3 / 2)),
                    chance.between(Duration.ofMillis(work / 2), Duration.ofMillis(work * 3 / 2)),
                    Optional.empty()));
        }
        return asks;
    }

    /** Two agents that alternate. */
    static TrueWorld agents(TrueWorld world) {
        return world.closed("one", asks("a", 60, 400, 300, 1)).closed("two", asks("b", 60, 400, 300, 2));
    }

    /** One client that keeps its model busy in three lanes, and one that wants another now and then. */
    static TrueWorld hog(TrueWorld world) {
        for (int lane = 0; lane < 3; lane++) {
            world.closed("hog", asks("a", 120, 10, 500, 10 + lane));
        }
        return world.closed("waiter", asks("b", 12, 5_000, 300, 3));
    }

    static String six(long ttl) {
        StringBuilder yaml = new StringBuilder("models:\n");
        for (char c = 'a'; c <= 'f'; c++) {
            yaml.append("  %c: {cmd: \"%c ${PORT}\", ttl: %d, concurrencyLimit: 100}\n".formatted(c, c, ttl));
        }
        return yaml + "groups:\n  all: {swap: false, members: [a, b, c, d, e, f]}\n";
    }

    /** Six models, asked for in bursts with pauses between. */
    static TrueWorld day(TrueWorld world) {
        Chance chance = new Chance(7);
        for (char c = 'a'; c <= 'f'; c++) {
            List<TrueWorld.Ask> asks = new ArrayList<>();
            for (int burst = 0; burst < 12; burst++) {
                asks.add(new TrueWorld.Ask(
                        "" + c,
                        chance.between(Duration.ofSeconds(4), Duration.ofSeconds(40)),
                        Duration.ofMillis(200),
                        Optional.empty()));
                asks.addAll(asks("" + c, 6, 150, 200, burst * 100 + c));
            }
            world.closed("user " + c, asks);
        }
        return world;
    }
}
