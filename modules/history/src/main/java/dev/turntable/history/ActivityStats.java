package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Sums and rates over the kept rows (llama-swap §8.6). */
public record ActivityStats(
        long requests, long input, long output, long cached, Optional<Histogram> prompt, Optional<Histogram> generation)
        implements Answer {

    /** How the rates above zero are spread; one bin of size 0 when all are equal. */
    public record Histogram(
            List<Integer> bins, double min, double max, double binSize, double p50, double p95, double p99) {
        private static final int MIN_BINS = 5;
        private static final int MAX_BINS = 20;

        public Histogram {
            bins = List.copyOf(bins);
        }

        static Optional<Histogram> of(List<ActivityRow> rows, ToDoubleFunction<ActivityRow> rate) {
            double[] values = rows.stream()
                    .mapToDouble(rate)
                    .filter(value -> value > 0)
                    .sorted()
                    .toArray();
            if (values.length == 0) {
                return Optional.empty();
            }
            double min = values[0];
            double max = values[values.length - 1];
            double p50 = percentile(values, 0.50);
            double p95 = percentile(values, 0.95);
            double p99 = percentile(values, 0.99);
            if (min == max) {
                return Optional.of(new Histogram(List.of(values.length), min, max, 0, p50, p95, p99));
            }
            int count = Math.clamp((int) Math.ceil(Math.log(values.length) / Math.log(2)) + 1, MIN_BINS, MAX_BINS);
            double size = (max - min) / count;
            Integer[] bins = new Integer[count];
            Arrays.fill(bins, 0);
            for (double value : values) {
                bins[Math.min(count - 1, (int) ((value - min) / size))]++;
            }
            return Optional.of(new Histogram(List.of(bins), min, max, size, p50, p95, p99));
        }

        private static double percentile(double[] sorted, double p) {
            double rank = p * (sorted.length - 1);
            int low = (int) rank;
            int high = Math.min(low + 1, sorted.length - 1);
            return sorted[low] + (sorted[high] - sorted[low]) * (rank - low);
        }

        private void write(JsonGenerator out) throws IOException {
            out.writeStartObject();
            out.writeArrayFieldStart("bins");
            for (int bin : bins) {
                out.writeNumber(bin);
            }
            out.writeEndArray();
            field(out, "min", min);
            field(out, "max", max);
            field(out, "binSize", binSize);
            field(out, "p50", p50);
            field(out, "p95", p95);
            field(out, "p99", p99);
            out.writeEndObject();
        }

        private static void field(JsonGenerator out, String name, double value) throws IOException {
            out.writeFieldName(name);
            ActivityRow.number(out, value);
        }
    }

    static ActivityStats of(List<ActivityRow> rows) {
        return new ActivityStats(
                rows.size(),
                rows.stream().mapToLong(row -> row.tokens().input()).sum(),
                rows.stream().mapToLong(row -> row.tokens().output()).sum(),
                rows.stream()
                        .mapToLong(row -> Math.max(0, row.tokens().cached()))
                        .sum(),
                Histogram.of(rows, row -> row.tokens().promptPerSecond()),
                Histogram.of(rows, row -> row.tokens().tokensPerSecond()));
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("total_requests", requests);
        out.writeNumberField("total_input_tokens", input);
        out.writeNumberField("total_output_tokens", output);
        out.writeNumberField("total_cache_tokens", cached);
        write(out, "prompt_histogram", prompt);
        write(out, "gen_histogram", generation);
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, String name, Optional<Histogram> histogram) throws IOException {
        out.writeFieldName(name);
        if (histogram.isPresent()) {
            histogram.get().write(out);
        } else {
            out.writeNull();
        }
    }
}
