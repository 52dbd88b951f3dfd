package dev.turntable.api;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MetricsFactory;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import io.helidon.service.registry.Services;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Our own meters, kept by Helidon Metrics, each looked up in its registry once: to ask the registry costs more than to count.
 * Counting belongs to one thread at a time; anybody may read. Bounded as the labels are.
 */
final class MeterBook implements AutoCloseable {
    private static final int MAX_MODELS = 2_000;

    private final MeterRegistry registry = Services.get(MetricsFactory.class).globalRegistry();
    private final Set<String> models = new HashSet<>();
    private final Map<Series, Counter> counters = new HashMap<>();
    private final Map<Series, Timer> timers = new HashMap<>();

    /** One meter: a name and its labels, each with its value. */
    private record Series(String name, List<String> labels) {}

    /** The model's name as a label; beyond {@value #MAX_MODELS} names the rest share one. */
    String label(String model) {
        return models.contains(model) || models.size() < MAX_MODELS && models.add(model) ? model : "other";
    }

    /** {@code labels} are names and values in turn. */
    void count(String name, String help, long by, String... labels) {
        counters.computeIfAbsent(
                        new Series(name, List.of(labels)),
                        _ -> registry.getOrCreate(
                                Counter.builder(name).description(help).tags(tags(labels))))
                .increment(by);
    }

    Timer timer(String name, String help, Duration[] buckets, String... labels) {
        return timers.computeIfAbsent(
                new Series(name, List.of(labels)),
                _ -> registry.getOrCreate(
                        Timer.builder(name).description(help).buckets(buckets).tags(tags(labels))));
    }

    /** Registers a gauge that is read when somebody asks. */
    <N extends Number> void gauge(String name, String help, Supplier<N> value, String... labels) {
        registry.getOrCreate(Gauge.builder(name, value).description(help).tags(tags(labels)));
    }

    /** Writes all of them. */
    void write(Exposition out) {
        Meters.write(out, registry);
    }

    /** The registry is the process's own: whoever comes next, a test for one, finds it empty. */
    @Override
    public void close() {
        List.copyOf(registry.meters()).forEach(registry::remove);
    }

    private static List<Tag> tags(String... labels) {
        return IntStream.range(0, labels.length / 2)
                .mapToObj(i -> Tag.create(labels[2 * i], labels[2 * i + 1]))
                .toList();
    }
}
