package dev.turntable.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Our own meters: counters, histograms of times, and gauges that are read when somebody asks, written in Prometheus' text form, families
 * sorted by name, times in seconds. May be counted and read by any thread; bounded as the labels are.
 */
final class MeterBook {
    private static final int MAX_MODELS = 2_000;

    private final Set<String> models = ConcurrentHashMap.newKeySet();
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    /** Meters of one name; their labels, names and values in turn, sorted by name. */
    private record Family(String help, Map<List<String>, Meter> meters) {}

    private sealed interface Meter permits Counter, Gauge, Histogram {
        String type();
    }

    private record Counter(AtomicLong count) implements Meter {
        @Override
        public String type() {
            return "counter";
        }
    }

    private record Gauge(Supplier<? extends Number> value) implements Meter {
        @Override
        public String type() {
            return "gauge";
        }
    }

    /** Times, counted by the first bound they do not exceed; those above the last bound come behind it. */
    record Histogram(Duration[] bounds, AtomicLongArray counts, AtomicLong nanos) implements Meter {
        private Histogram(Duration[] bounds) {
            this(bounds, new AtomicLongArray(bounds.length + 1), new AtomicLong());
        }

        @Override
        public String type() {
            return "histogram";
        }

        void record(Duration time) {
            int bucket = 0;
            while (bucket < bounds.length && time.compareTo(bounds[bucket]) > 0) {
                bucket++;
            }
            counts.incrementAndGet(bucket);
            nanos.addAndGet(time.toNanos());
        }
    }

    /** The model's name as a label; beyond {@value #MAX_MODELS} names the rest share one. */
    String label(String model) {
        return models.contains(model) || models.size() < MAX_MODELS && models.add(model) ? model : "other";
    }

    /** {@code labels} are names and values in turn. */
    void count(String name, String help, long by, String... labels) {
        Meter counter = meters(name, help).computeIfAbsent(sorted(labels), _ -> new Counter(new AtomicLong()));
        ((Counter) counter).count().addAndGet(by);
    }

    Histogram timer(String name, String help, Duration[] buckets, String... labels) {
        return (Histogram) meters(name, help).computeIfAbsent(sorted(labels), _ -> new Histogram(buckets));
    }

    /** Registers a gauge. */
    void gauge(String name, String help, Supplier<? extends Number> value, String... labels) {
        meters(name, help).put(sorted(labels), new Gauge(value));
    }

    private Map<List<String>, Meter> meters(String name, String help) {
        return families.computeIfAbsent(name, _ -> new Family(help, new ConcurrentHashMap<>()))
                .meters();
    }

    private static List<String> sorted(String... labels) {
        if (labels.length <= 2) {
            return List.of(labels);
        }
        Map<String, String> byName = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            byName.put(labels[i], labels[i + 1]);
        }
        List<String> sorted = new ArrayList<>(labels.length);
        byName.forEach((name, value) -> sorted.addAll(List.of(name, value)));
        return List.copyOf(sorted);
    }

    void write(Exposition out) {
        families.forEach((name, family) -> {
            Map<String, List<String>> order = new TreeMap<>();
            family.meters().keySet().forEach(labels -> order.put(labels.toString(), labels));
            boolean first = true;
            for (List<String> labels : order.values()) {
                Meter meter = family.meters().get(labels);
                if (first) {
                    out.family(name, meter.type(), family.help());
                    first = false;
                }
                write(out, name, labels, meter);
            }
        });
    }

    private static void write(Exposition out, String name, List<String> labels, Meter meter) {
        switch (meter) {
            case Counter counter ->
                out.sample(name, Long.toString(counter.count().get()), labels);
            case Gauge gauge ->
                out.sample(name, Numbers.shortest(gauge.value().get().doubleValue()), labels);
            case Histogram histogram -> write(out, name, labels, histogram);
        }
    }

    private static void write(Exposition out, String name, List<String> labels, Histogram histogram) {
        long count = 0;
        for (int i = 0; i <= histogram.bounds().length; i++) {
            count += histogram.counts().get(i);
            String bound =
                    i == histogram.bounds().length ? "+Inf" : Numbers.shortest(histogram.bounds()[i].toNanos() / 1e9);
            List<String> more = new ArrayList<>(labels);
            more.addAll(Arrays.asList("le", bound));
            out.sample(name + "_bucket", Long.toString(count), more);
        }
        out.sample(name + "_sum", Numbers.shortest(histogram.nanos().get() / 1e9), labels);
        out.sample(name + "_count", Long.toString(count), labels);
    }
}
