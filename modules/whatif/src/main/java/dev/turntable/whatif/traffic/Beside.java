package dev.turntable.whatif.traffic;

import java.util.Arrays;

/**
 * How much longer an answer takes when others are made at the same time, read off the record: the typical answer with little company
 * against the typical one with much. An answer then takes {@code 1 + same × s + others × o} times as long, with {@code s} others of its own
 * model and {@code o} of other models beside it.
 *
 * @param same by model number
 * @param others one for all: what models do to each other is the machine's business
 * @param seen whether the record has enough of both to say
 */
public record Beside(double[] same, double others, boolean seen) {
    /** Answers of a kind, for their median to mean something. */
    private static final int ENOUGH = 20;

    private static final double ALONE = 0.1;
    private static final double COMPANY = 0.5;

    /** Company and time go together by chance less often than once in a thousand models. */
    private static final double SURE = 3.3;

    /** The same for all models; as given by the user. */
    public static Beside of(int models, double same, double others) {
        double[] all = new double[models];
        Arrays.fill(all, same);
        return new Beside(all, others, true);
    }

    public static Beside of(Requests requests, int models) {
        Samples[] own = samples(models);
        Samples[] cross = samples(models);
        for (int r = 0; r < requests.size(); r++) {
            if (requests.ending(r) != Requests.ANSWERED) {
                continue;
            }
            if (requests.othersBeside(r) <= ALONE) {
                own[requests.model(r)].add(requests.sameBeside(r), requests.service(r));
            }
            if (requests.sameBeside(r) <= ALONE) {
                cross[requests.model(r)].add(requests.othersBeside(r), requests.service(r));
            }
        }
        double[] same = new double[models];
        boolean seen = false;
        double others = 0;
        long weight = 0;
        for (int m = 0; m < models; m++) {
            if (own[m].isTelling()) {
                seen = true;
                same[m] = own[m].slope();
            }
            if (cross[m].isTelling()) {
                others += cross[m].slope() * cross[m].size();
                weight += cross[m].size();
            }
        }
        return new Beside(same, weight == 0 ? 0 : others / weight, seen || weight > 0);
    }

    private static Samples[] samples(int models) {
        Samples[] samples = new Samples[models];
        Arrays.setAll(samples, _ -> new Samples());
        return samples;
    }

    public double stretch(int model, double sameBeside, double othersBeside) {
        return 1 + same[model] * sameBeside + others * othersBeside;
    }

    public boolean isPlain() {
        return others == 0 && Arrays.stream(same).allMatch(s -> s == 0);
    }

    /** Answers of one model, by the company they had. */
    private static final class Samples {
        private final Longs keys = new Longs(); // company, then number: sorts by company
        private final Longs services = new Longs();

        void add(double company, long service) {
            keys.add((long) Float.floatToIntBits((float) company) << 32 | services.size());
            services.add(service);
        }

        int size() {
            return services.size();
        }

        private static double company(long key) {
            return Float.intBitsToFloat((int) (key >>> 32));
        }

        /** There are enough with company and enough with less of it. */
        boolean isTelling() {
            long[] sorted = keys.sorted();
            return size() >= 4 * ENOUGH
                    && company(sorted[size() - ENOUGH]) >= COMPANY
                    && company(sorted[size() - ENOUGH]) - company(sorted[ENOUGH - 1]) >= COMPANY - ALONE;
        }

        /** How much longer for each one beside it; nought unless the two surely go together. */
        double slope() {
            long[] sorted = keys.sorted();
            if (certainty(sorted) < SURE) {
                return 0;
            }
            int few = Math.max(ENOUGH, Math.min(size() / 4, below(sorted, ALONE)));
            int many = Math.max(ENOUGH, Math.min(size() / 4, size() - below(sorted, COMPANY)));
            double ratio = (double) median(sorted, size() - many, size()) / Math.max(1, median(sorted, 0, few));
            double less = mean(sorted, 0, few);
            double more = mean(sorted, size() - many, size());
            return Math.max(0, (ratio - 1) / Math.max(0.1, more - less * ratio));
        }

        /** The rank correlation of company and service time, in standard deviations of one that is none. */
        private double certainty(long[] sorted) {
            long[] byService = new long[size()];
            for (int i = 0; i < size(); i++) {
                byService[i] = Math.min(services.get((int) sorted[i]), Integer.MAX_VALUE) << 32 | i;
            }
            Arrays.sort(byService);
            double middle = (size() - 1) / 2.0;
            double product = 0;
            double square = 0;
            for (int rank = 0; rank < size(); rank++) {
                product += (rank - middle) * ((int) byService[rank] - middle);
                square += (rank - middle) * (rank - middle);
            }
            return product / square * Math.sqrt(size() - 1.0);
        }

        private static int below(long[] sorted, double limit) {
            int n = 0;
            while (n < sorted.length && company(sorted[n]) <= limit) {
                n++;
            }
            return n;
        }

        private long median(long[] sorted, int begin, int end) {
            Longs part = new Longs();
            for (int i = begin; i < end; i++) {
                part.add(services.get((int) sorted[i]));
            }
            return part.sorted()[part.size() / 2];
        }

        private static double mean(long[] sorted, int begin, int end) {
            double sum = 0;
            for (int i = begin; i < end; i++) {
                sum += company(sorted[i]);
            }
            return sum / (end - begin);
        }
    }
}
