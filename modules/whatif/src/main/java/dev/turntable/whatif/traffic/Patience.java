package dev.turntable.whatif.traffic;

import dev.turntable.sim.machine.Chance;
import java.util.Arrays;

/**
 * How long each request would have waited. Who left, left; who was answered would have waited longer: how much longer is drawn from those of
 * the same client who left, by the Kaplan–Meier estimate, which counts everybody who stayed for as long as he did. A client who never left
 * has endless patience, as far as the record can say.
 */
public final class Patience {
    public static final long ENDLESS = Long.MAX_VALUE;

    private Patience() {}

    /** Turns waits into patience. Returns how many clients left at least once. */
    public static int settle(Requests requests, int clients, Chance chance) {
        int[] ends = new int[clients + 1];
        for (int r = 0; r < requests.size(); r++) {
            ends[requests.client(r) + 1]++;
        }
        for (int c = 0; c < clients; c++) {
            ends[c + 1] += ends[c];
        }
        int[] next = ends.clone();
        long[] waits =
                new long[requests.size()]; // twice the wait, plus one for those who stayed: sorts those who left first
        for (int r = 0; r < requests.size(); r++) {
            waits[next[requests.client(r)]++] =
                    requests.patience(r) * 2 + (requests.ending(r) == Requests.GAVE_UP ? 0 : 1);
        }
        Curve[] curves = new Curve[clients];
        int leavers = 0;
        for (int c = 0; c < clients; c++) {
            Arrays.sort(waits, ends[c], ends[c + 1]);
            curves[c] = Curve.of(waits, ends[c], ends[c + 1]);
            leavers += curves[c].times.size() == 0 ? 0 : 1;
        }
        for (int r = 0; r < requests.size(); r++) {
            if (requests.ending(r) != Requests.GAVE_UP) {
                Curve curve = curves[requests.client(r)];
                requests.patienceIs(
                        r,
                        curve.times.size() == 0
                                ? ENDLESS
                                : curve.draw(requests.patience(r), chance.split("patience " + r)));
            }
        }
        return leavers;
    }

    /** The share of those who still wait after each time at which somebody left; in millionths of millionths. */
    private record Curve(Longs times, Longs shares) {
        private static final double ALL = 1e12;

        static Curve of(long[] waits, int begin, int end) {
            Curve curve = new Curve(new Longs(), new Longs());
            double share = 1;
            int i = begin;
            while (i < end) {
                long wait = waits[i];
                int same = i;
                while (same < end && waits[same] == wait) {
                    same++;
                }
                if ((wait & 1) == 0) {
                    share *= 1 - (double) (same - i) / (end - i);
                    curve.times.add(wait / 2);
                    curve.shares.add((long) (share * ALL));
                }
                i = same;
            }
            return curve;
        }

        /** How long somebody waits who has waited that long already. */
        long draw(long waited, Chance chance) {
            double now = ALL;
            int i = 0;
            while (i < times.size() && times.get(i) <= waited) {
                now = shares.get(i++);
            }
            double leaves = now * chance.below(1_000_000) / 1e6;
            while (i < times.size() && shares.get(i) > leaves) {
                i++;
            }
            return i == times.size() ? ENDLESS : times.get(i);
        }
    }
}
