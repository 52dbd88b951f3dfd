package dev.turntable.logs;

import java.math.BigDecimal;
import java.time.Duration;

/** Writes durations as Go prints them ({@code 1m2.5s}, {@code 12.345ms}, {@code 0s}), since people search logs for that form. */
final class Durations {
    private Durations() {}

    static String text(Duration duration) {
        if (duration.isNegative()) {
            return "-" + text(duration.negated());
        }
        long seconds = duration.getSeconds();
        int nanos = duration.getNano();
        if (seconds == 0) {
            return belowOneSecond(nanos);
        }
        StringBuilder out = new StringBuilder();
        if (seconds >= 3600) {
            out.append(seconds / 3600).append('h');
        }
        if (seconds >= 60) {
            out.append(seconds / 60 % 60).append('m');
        }
        return out.append(plain(BigDecimal.valueOf(seconds % 60).add(BigDecimal.valueOf(nanos, 9))))
                .append('s')
                .toString();
    }

    private static String belowOneSecond(int nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return plain(BigDecimal.valueOf(nanos, 3)) + "µs";
        }
        return plain(BigDecimal.valueOf(nanos, 6)) + "ms";
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
