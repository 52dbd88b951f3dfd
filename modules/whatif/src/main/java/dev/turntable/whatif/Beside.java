package dev.turntable.whatif;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much longer an answer takes when others are made at the same time, read off the record: the typical answer in company against the
 * typical one alone. An answer then takes {@code 1 + same × s + others × o} times as long, with {@code s} others of its own model and
 * {@code o} of other models beside it.
 *
 * @param same by model number
 * @param others one for all: what models do to each other is the machine's business
 * @param seen whether the record has enough of both to say
 */
record Beside(double[] same, double others, boolean seen) {
    private static final int ENOUGH = 20;
    private static final double ALONE = 0.1;
    private static final double COMPANY = 0.5;
    private static final double LEAST = 0.05;

    /** Each of its own value; as given by the user. */
    static Beside of(int models, double same, double others) {
        double[] all = new double[models];
        Arrays.fill(all, same);
        return new Beside(all, others, true);
    }

    static Beside of(Requests requests, int models) {
        double[] same = new double[models];
        boolean seen = false;
        List<double[]> crossed = new ArrayList<>();
        for (int m = 0; m < models; m++) {
            Longs alone = new Longs();
            Longs together = new Longs();
            double company = 0;
            Longs crossing = new Longs();
            double crossingCompany = 0;
            for (int r = 0; r < requests.size(); r++) {
                if (requests.model(r) != m || requests.ending(r) != Requests.ANSWERED) {
                    continue;
                }
                boolean unmixed = requests.othersBeside(r) <= ALONE;
                if (unmixed && requests.sameBeside(r) <= ALONE) {
                    alone.add(requests.service(r));
                } else if (unmixed && requests.sameBeside(r) >= COMPANY) {
                    together.add(requests.service(r));
                    company += requests.sameBeside(r);
                } else if (requests.sameBeside(r) <= ALONE && requests.othersBeside(r) >= COMPANY) {
                    crossing.add(requests.service(r));
                    crossingCompany += requests.othersBeside(r);
                }
            }
            if (alone.size() >= ENOUGH && together.size() >= ENOUGH) {
                seen = true;
                same[m] = slope(alone, together, company);
            }
            if (alone.size() >= ENOUGH && crossing.size() >= ENOUGH) {
                crossed.add(new double[] {slope(alone, crossing, crossingCompany), crossing.size()});
            }
        }
        double weight = crossed.stream().mapToDouble(c -> c[1]).sum();
        double others =
                weight == 0 ? 0 : crossed.stream().mapToDouble(c -> c[0] * c[1]).sum() / weight;
        return new Beside(same, others < LEAST ? 0 : others, seen || weight > 0);
    }

    private static double slope(Longs alone, Longs together, double company) {
        double ratio = (double) median(together) / Math.max(1, median(alone));
        double slope = (ratio - 1) / (company / together.size());
        return slope < LEAST ? 0 : slope;
    }

    private static long median(Longs numbers) {
        return numbers.sorted()[numbers.size() / 2];
    }

    double stretch(int model, double sameBeside, double othersBeside) {
        return 1 + same[model] * sameBeside + others * othersBeside;
    }

    boolean isPlain() {
        return others == 0 && Arrays.stream(same).allMatch(s -> s == 0);
    }
}
