package dev.turntable.bench;

import java.util.Arrays;
import java.util.List;

/** Measured times, kept as they came, and what stands at a given place when they are sorted. Grows to a limit, then keeps every second. */
final class Quantiles {
    /** Eight million samples, 64 MB: more than any section takes. */
    private static final int MAX = 8 << 20;

    private long[] samples = new long[1024];
    private int size;

    void add(long sample) {
        if (size == MAX) {
            for (int i = 0; i < MAX / 2; i++) {
                samples[i] = samples[2 * i];
            }
            size = MAX / 2;
        }
        if (size == samples.length) {
            samples = Arrays.copyOf(samples, size * 2);
        }
        samples[size++] = sample;
    }

    int size() {
        return size;
    }

    /** The sample at this place, 0 to 1; NaN without samples. */
    double at(double place) {
        if (size == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(samples, size);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(size - 1, size * place)];
    }

    /** The middle of a few figures. */
    static double median(List<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
