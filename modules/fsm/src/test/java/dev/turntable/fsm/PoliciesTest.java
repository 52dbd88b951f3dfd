package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the core is told of a configuration. */
class PoliciesTest {
    private static final String MODELS = """
            healthCheckTimeout: 77
            models:
              zebra:
                cmd: server --port ${PORT}
                proxy: http://127.0.0.1:${PORT}
                ttl: 60
                concurrencyLimit: 3
              ant:
                cmd: server
                proxy: http://127.0.0.1:7001
              bee:
                cmd: server
                proxy: http://127.0.0.1:7002
            """;

    private static Policy policy(String more) {
        return switch (ConfigLoader.load(ConfigSources.text("config.yaml", MODELS + more), LoadOptions.of(Map.of()))) {
            case LoadResult.Loaded loaded -> Policies.from(loaded.config());
            case LoadResult.Refused refused ->
                throw new AssertionError(refused.first().render());
        };
    }

    @Test
    void modelsAreSortedAndKeepTheirSettings() {
        Policy policy = policy("""
                routing:
                  scheduler:
                    use: fifo
                    settings:
                      fifo:
                        priority: {zebra: 5}
                """);
        assertEquals(
                List.of("ant", "bee", "zebra"),
                policy.models().stream().map(m -> m.id().value()).toList());
        Policy.Model zebra = policy.model(new ModelId("zebra")).orElseThrow();
        assertEquals(Duration.ofSeconds(60), zebra.ttl());
        assertEquals(Duration.ofSeconds(77), zebra.startBudget());
        assertEquals(3, zebra.concurrencyLimit());
        assertEquals(5, zebra.priority());
        assertEquals(0, policy.model(new ModelId("ant")).orElseThrow().priority());
        assertEquals(OptionalInt.of(5800), zebra.port());
    }

    @Test
    void groupsAreTakenOverWithTheirFlagsAndMembers() {
        Policy policy = policy("""
                groups:
                  talkers:
                    swap: false
                    exclusive: false
                    persistent: true
                    members: [zebra, bee]
                """);
        Policy.Router.Groups router = (Policy.Router.Groups) policy.router();
        Policy.Group talkers = router.groups().stream()
                .filter(g -> g.id().equals("talkers"))
                .findFirst()
                .orElseThrow();
        assertEquals(new Policy.Group("talkers", false, false, true, Rules.ids("zebra", "bee")), talkers);
        Policy.Group rest = router.groups().stream()
                .filter(g -> !g.id().equals("talkers"))
                .findFirst()
                .orElseThrow();
        assertEquals(Rules.ids("ant"), rest.members());
        assertEquals(List.of(true, true, false), List.of(rest.swap(), rest.exclusive(), rest.persistent()));
    }

    @Test
    void setsOfAMatrixAreResolvedToModels() {
        Policy policy = policy("""
                matrix:
                  vars: {z: zebra, a: ant, b: bee}
                  evict_costs: {z: 20, a: 3}
                  sets:
                    pair: a & b
                    any: (z | +pair) & b
                """);
        Policy.Router.Matrix router = (Policy.Router.Matrix) policy.router();
        assertEquals(
                List.of(
                        new Policy.MatrixSet("pair", "a & b", Rules.all("ant", "bee")),
                        new Policy.MatrixSet(
                                "any",
                                "(z | +pair) & b",
                                Rules.all(Rules.any("zebra", Rules.all("ant", "bee")), "bee"))),
                router.sets());
        assertEquals(
                List.of(new Policy.Cost(new ModelId("ant"), 3), new Policy.Cost(new ModelId("zebra"), 20)),
                router.costs());
    }

    @Test
    void oldStyleProfilesAreTakenOver() {
        Policy policy = policy("""
                profiles:
                  pair: [zebra, ant]
                """);
        assertEquals(List.of(new Policy.Profile("pair", Rules.ids("zebra", "ant"))), policy.profiles());
    }
}
