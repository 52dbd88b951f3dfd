package dev.turntable.sim.machine;

import dev.turntable.engine.EngineClock;
import java.time.Duration;
import java.time.Instant;

/** The clocks of a world: the monotonic one is the agenda's time, the wall clock can be set. */
public final class VirtualClock implements EngineClock {
    private static final long NEVER = Long.MAX_VALUE;
    private final Agenda agenda;
    private final Instant begin;
    private Duration offset = Duration.ZERO;
    private int life;

    /** The wall clock shows {@code begin} when the agenda's time is zero. */
    public VirtualClock(Agenda agenda, Instant begin) {
        this.agenda = agenda;
        this.begin = begin;
    }

    public void step(Duration by) {
        offset = offset.plus(by);
    }

    /** A server died, and with it the threads that waited for its alarms. */
    public void forgetAlarms() {
        life++;
    }

    @Override
    public Instant wall() {
        return begin.plusNanos(agenda.now()).plus(offset);
    }

    @Override
    public long monotonicNanos() {
        return agenda.now();
    }

    @Override
    public Alarm newAlarm(String name, Runnable onRing) {
        return new Alarm() {
            private final int born = life;
            private long due = NEVER;

            @Override
            public void set(long monotonicNanos) {
                if (monotonicNanos != due) {
                    due = monotonicNanos;
                    agenda.at(due, () -> ring(monotonicNanos));
                }
            }

            private void ring(long set) {
                if (due == set && born == life) {
                    due = NEVER;
                    onRing.run();
                }
            }

            @Override
            public void close() {
                due = NEVER;
            }
        };
    }
}
