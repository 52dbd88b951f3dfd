package dev.turntable.whatif.figures;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;

/** What half, nineteen of twenty and ninety-nine of a hundred do not exceed, the worst, and the mean; in microseconds. */
public record Quantiles(long p50, long p95, long p99, long max, long mean) {
    public static final Quantiles NONE = new Quantiles(0, 0, 0, 0, 0);

    /** Of numbers in order. */
    public static Quantiles of(long[] sorted) {
        return sorted.length == 0
                ? NONE
                : new Quantiles(
                        rank(sorted, 50),
                        rank(sorted, 95),
                        rank(sorted, 99),
                        sorted[sorted.length - 1],
                        Math.round(Arrays.stream(sorted).average().orElse(0)));
    }

    private static long rank(long[] sorted, int percent) {
        return sorted[(int) ((sorted.length * (long) percent + 99) / 100) - 1];
    }

    public void write(JsonGenerator out, String name) throws IOException {
        out.writeObjectFieldStart(name);
        number(out, "p50_ms", p50);
        number(out, "p95_ms", p95);
        number(out, "p99_ms", p99);
        number(out, "max_ms", max);
        number(out, "mean_ms", mean);
        out.writeEndObject();
    }

    private static void number(JsonGenerator out, String name, long micros) throws IOException {
        out.writeNumberField(name, micros / 1e3);
    }
}
