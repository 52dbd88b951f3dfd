package dev.turntable.config.loading.keys;

import dev.turntable.config.TurntableSettings;
import dev.turntable.config.Value;
import dev.turntable.config.compat.GoDuration;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes and checks our own block, {@code turntable:}. */
public final class TurntableKeys {
    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(B|KiB|MiB|GiB|TiB|kB|MB|GB|TB)");
    private static final Map<String, Long> UNITS = Map.of(
            "B",
            1L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "TiB",
            1L << 40,
            "kB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "TB",
            1_000_000_000_000L);

    private final Problems problems;
    private TurntableSettings settings = TurntableSettings.DEFAULTS;

    public TurntableKeys(Fields root, Problems problems) {
        this.problems = problems;
        new Conversions(root, "", problems).child("turntable", "a mapping").ifPresent(this::decode);
    }

    public TurntableSettings settings() {
        return settings;
    }

    private void decode(Conversions block) {
        TurntableSettings d = TurntableSettings.DEFAULTS;
        settings = new TurntableSettings(
                block.text("dataDir").filter(text -> !text.isBlank()),
                durability(block),
                duration(block, "maxWait", d.maxWait(), Duration.ofSeconds(1)),
                block.child("backoff", "a mapping")
                        .map(b -> backoff(b, d.backoff()))
                        .orElse(d.backoff()),
                block.child("retention", "a mapping")
                        .map(r -> retention(r, d.retention()))
                        .orElse(d.retention()),
                block.child("limits", "a mapping")
                        .map(l -> limits(l, d.limits()))
                        .orElse(d.limits()),
                block.texts("cors"));
    }

    private TurntableSettings.Durability durability(Conversions block) {
        String word = block.text("durability").orElse("standard");
        for (TurntableSettings.Durability durability : TurntableSettings.Durability.values()) {
            if (durability.name().toLowerCase(Locale.ROOT).equals(word)) {
                return durability;
            }
        }
        problems.error(
                "turntable.durability must be one of: fast, standard, strict",
                block.node("durability").get(),
                "");
        return TurntableSettings.Durability.STANDARD;
    }

    private TurntableSettings.Backoff backoff(Conversions block, TurntableSettings.Backoff d) {
        TurntableSettings.Backoff backoff = new TurntableSettings.Backoff(
                (int) whole(block, "after", d.after(), 1, 1_000),
                duration(block, "initial", d.initial(), Duration.ofMillis(1)),
                duration(block, "max", d.max(), Duration.ofMillis(1)));
        if (backoff.max().compareTo(backoff.initial()) < 0) {
            problems.error(
                    "turntable.backoff.max must not be less than turntable.backoff.initial", block.pos("max"), "");
        }
        return backoff;
    }

    private TurntableSettings.Retention retention(Conversions block, TurntableSettings.Retention d) {
        return new TurntableSettings.Retention(
                duration(block, "journalAge", d.journalAge(), Duration.ofMinutes(1)),
                size(block, "journalSize", d.journalBytes(), 16L << 20),
                duration(block, "outputAge", d.outputAge(), Duration.ofMinutes(1)),
                size(block, "outputSize", d.outputBytes(), 16L << 20));
    }

    private TurntableSettings.Limits limits(Conversions block, TurntableSettings.Limits d) {
        return new TurntableSettings.Limits(
                queue(block, d.queue()),
                size(block, "requestBody", d.requestBody(), 1L << 10),
                (int) Math.min(size(block, "header", d.header(), 1L << 10), 16L << 20),
                (int) whole(block, "connections", d.connections(), 1, 1_000_000),
                (int) whole(block, "subscribers", d.subscribers(), 1, 100_000));
    }

    /** More than one commit can refuse counts as that: earlier versions documented twice as much. */
    private int queue(Conversions block, int fallback) {
        int asked = (int) whole(block, "queue", fallback, 1, 1_000_000);
        int most = TurntableSettings.Limits.MOST_WAITING;
        if (asked > most) {
            problems.warn(block.pathOf("queue") + ": " + asked + " counts as " + most, block.pos("queue"), "");
        }
        return Math.min(asked, most);
    }

    private long whole(Conversions block, String key, long fallback, long least, long most) {
        long number = block.whole(key).orElse(fallback);
        if (number < least || number > most) {
            problems.error(
                    block.pathOf(key) + " must be between " + least + " and " + most,
                    block.node(key).get(),
                    "");
        }
        return Math.clamp(number, least, most);
    }

    private Duration duration(Conversions block, String key, Duration fallback, Duration least) {
        Optional<Node> node = block.node(key);
        if (node.isEmpty()) {
            return fallback;
        }
        Optional<Duration> duration = node.get().text().flatMap(GoDuration::parseWithDays);
        if (duration.isEmpty()) {
            problems.error(
                    block.pathOf(key) + " must be a duration",
                    node.get(),
                    "a number with its unit: 500ms, 30s, 10m, 12h, 7d");
        } else if (duration.get().compareTo(least) < 0) {
            problems.error(block.pathOf(key) + " must be at least " + GoDuration.format(least), node.get(), "");
        }
        return duration.orElse(fallback);
    }

    private long size(Conversions block, String key, long fallback, long least) {
        Optional<Node> node = block.node(key);
        if (node.isEmpty()) {
            return fallback;
        }
        Optional<Long> bytes = bytes(node.get());
        if (bytes.isEmpty()) {
            problems.error(
                    block.pathOf(key) + " must be a size", node.get(), "a number with its unit: 64KiB, 512MiB, 2GiB");
        } else if (bytes.get() < least) {
            problems.error(block.pathOf(key) + " must be at least " + least + " bytes", node.get(), "");
        }
        return bytes.orElse(fallback);
    }

    private static Optional<Long> bytes(Node node) {
        if (node instanceof Node.Scalar scalar
                && scalar.value() instanceof Value.Whole whole
                && whole.number().bitLength() < 63) {
            return Optional.of(whole.number().longValue());
        }
        Matcher size = SIZE.matcher(node.text().orElse(""));
        if (!size.matches()) {
            return Optional.empty();
        }
        BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(UNITS.get(size.group(2))));
        return bytes.compareTo(BigDecimal.valueOf(1L << 60)) > 0 ? Optional.empty() : Optional.of(bytes.longValue());
    }
}
