package dev.turntable.sim.machine;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of one process, drawn when it is born.
 *
 * @param launch time until the operating system has started it
 * @param unlaunched it cannot be started at all
 * @param busy somebody else listens where it is to listen, from before its start
 * @param load time until it is ready, or until it exits by itself
 * @param crash it dies so long after it was ready
 * @param stop time from the stop signal to its exit
 * @param deaf it ignores the stop signal
 * @param stopFails the stop signal cannot be delivered
 * @param release time from the kill to its exit: a slow one holds the GPU
 * @param notice time until its end is noticed
 * @param clearing its stop command goes on for so long after the process is gone
 * @param stranger somebody else answers in its place while it loads
 */
public record Fate(
        Duration launch,
        boolean unlaunched,
        boolean busy,
        Duration load,
        Loading loading,
        Optional<Duration> crash,
        Duration stop,
        boolean deaf,
        boolean stopFails,
        Duration release,
        Duration notice,
        Optional<Duration> clearing,
        boolean stranger) {

    /** One that is told to stop by a signal, and whose place is its own. */
    public Fate(
            Duration launch,
            boolean unlaunched,
            boolean busy,
            Duration load,
            Loading loading,
            Optional<Duration> crash,
            Duration stop,
            boolean deaf,
            boolean stopFails,
            Duration release,
            Duration notice) {
        this(
                launch,
                unlaunched,
                busy,
                load,
                loading,
                crash,
                stop,
                deaf,
                stopFails,
                release,
                notice,
                Optional.empty(),
                false);
    }

    /** How its start goes. */
    public enum Loading {
        READY,
        EXITS,
        HANGS
    }

    /** The longest that a process stays after a kill. */
    public static final Duration LONGEST_RELEASE = Duration.ofSeconds(40);

    public static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    /** Draws the life of a process of one model; {@code mood} is the model's own, {@code chance} this process's. */
    public static Fate draw(Chance mood, Chance chance, boolean calm) {
        double slowest = mood.oneIn(3) ? 60 : 8;
        boolean broken = !calm && mood.oneIn(9);
        Duration load = chance.scattered(0.03, slowest);
        int dice = calm ? 1_000 : chance.below(broken ? 30 : 100);
        return new Fate(
                chance.scattered(0.000_2, 0.02),
                dice == 0,
                dice == 1,
                load,
                dice >= 2 && dice < 12 ? (dice < 6 ? Loading.HANGS : Loading.EXITS) : Loading.READY,
                crash(dice, chance),
                chance.scattered(0.002, !calm && chance.oneIn(12) ? LONGEST_STOP.toSeconds() : 2),
                !calm && chance.oneIn(15),
                !calm && chance.oneIn(30),
                chance.scattered(0.001, !calm && chance.oneIn(10) ? LONGEST_RELEASE.toSeconds() : 0.5),
                chance.scattered(0.000_1, 0.003),
                !calm && chance.oneIn(12)
                        ? Optional.of(chance.scattered(0.005, LONGEST_STOP.toSeconds()))
                        : Optional.empty(),
                !calm && chance.oneIn(20));
    }

    private static Optional<Duration> crash(int dice, Chance chance) {
        if (dice >= 12 && dice < 15) {
            return Optional.of(chance.scattered(0.000_001, 0.005)); // right after it became ready
        }
        return dice >= 15 && dice < 22 ? Optional.of(chance.scattered(0.1, 600)) : Optional.empty();
    }
}
