package dev.turntable.api;

import io.helidon.metrics.api.Bucket;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Our own meters in Prometheus' text form, families sorted by name, times in seconds. Helidon's own writer puts quantiles, which no
 * histogram may have, beside the buckets, a second family for the largest value, and its scope as a label.
 */
final class Meters {
    /** What our own meters are called; whatever else a library registers is not shown. */
    private static final String PREFIX = "turntable_";

    /** Helidon's own label; it says nothing here. */
    private static final String SCOPE = "scope";

    private Meters() {}

    static void write(Exposition out, MeterRegistry registry) {
        TreeMap<String, List<Meter>> families = new TreeMap<>();
        for (Meter meter : registry.meters()) {
            if (meter.id().name().startsWith(PREFIX)) {
                families.computeIfAbsent(meter.id().name(), n -> new ArrayList<>())
                        .add(meter);
            }
        }
        families.forEach((name, meters) -> {
            meters.sort(Comparator.comparing(m -> labels(m).toString()));
            out.family(
                    name,
                    type(meters.getFirst()),
                    meters.getFirst().description().orElse(name));
            meters.forEach(meter -> write(out, name, meter));
        });
    }

    private static String type(Meter meter) {
        return switch (meter) {
            case Counter counter -> "counter";
            case Timer timer -> "histogram";
            default -> "gauge";
        };
    }

    private static void write(Exposition out, String name, Meter meter) {
        List<String> labels = labels(meter);
        switch (meter) {
            case Counter counter -> out.sample(name, Long.toString(counter.count()), labels);
            case Gauge<?> gauge ->
                out.sample(name, Numbers.shortest(gauge.value().doubleValue()), labels);
            case Timer timer -> histogram(out, name, timer, labels);
            default -> {
                // No other kind is registered.
            }
        }
    }

    private static void histogram(Exposition out, String name, Timer timer, List<String> labels) {
        long count = timer.count();
        for (Bucket bucket : timer.snapshot().histogramCounts()) {
            out.sample(
                    name + "_bucket",
                    Long.toString(Math.min(bucket.count(), count)),
                    with(labels, Numbers.shortest(bucket.boundary(TimeUnit.SECONDS))));
        }
        out.sample(name + "_bucket", Long.toString(count), with(labels, "+Inf"));
        out.sample(name + "_sum", Numbers.shortest(timer.totalTime(TimeUnit.SECONDS)), labels);
        out.sample(name + "_count", Long.toString(count), labels);
    }

    private static List<String> with(List<String> labels, String bound) {
        List<String> more = new ArrayList<>(labels);
        more.add("le");
        more.add(bound);
        return more;
    }

    private static List<String> labels(Meter meter) {
        List<String> labels = new ArrayList<>();
        for (Map.Entry<String, String> tag : new TreeMap<>(meter.id().tagsMap()).entrySet()) {
            if (!tag.getKey().equals(SCOPE)) {
                labels.add(tag.getKey());
                labels.add(tag.getValue());
            }
        }
        return labels;
    }
}
