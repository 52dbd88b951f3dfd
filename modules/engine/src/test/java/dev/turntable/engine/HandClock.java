package dev.turntable.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Clocks that a test moves by hand; alarms ring on its own thread, inside {@link #pass}. */
final class HandClock implements EngineClock {
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos;
    private Duration before = Duration.ZERO;
    private Duration after = Duration.ZERO;
    private final List<HandAlarm> alarms = new ArrayList<>();

    @Override
    public Instant wall() {
        advance(before);
        Instant read = wall;
        advance(after);
        before = Duration.ZERO;
        after = Duration.ZERO;
        return read;
    }

    private void advance(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    /** Whoever looks at the wall clock next is held up before. */
    void pauseBeforeWall(Duration time) {
        before = time;
    }

    /** Whoever looks at the wall clock next is held up afterwards. */
    void pauseAfterWall(Duration time) {
        after = time;
    }

    @Override
    public long monotonicNanos() {
        return nanos;
    }

    @Override
    public Alarm newAlarm(String name, Runnable onRing) {
        HandAlarm alarm = new HandAlarm(onRing);
        alarms.add(alarm);
        return alarm;
    }

    void setWall(Instant time) {
        wall = time;
    }

    void step(Duration by) {
        wall = wall.plus(by);
    }

    /** Both clocks go on; alarms ring at their time. */
    void pass(Duration time) {
        long end = nanos + time.toNanos();
        while (true) {
            long next = end;
            for (HandAlarm alarm : alarms) {
                next = Math.min(next, Math.max(alarm.due, nanos));
            }
            wall = wall.plusNanos(next - nanos);
            nanos = next;
            boolean rang = false;
            for (HandAlarm alarm : List.copyOf(alarms)) {
                if (alarm.due <= nanos) {
                    alarm.due = Long.MAX_VALUE;
                    alarm.onRing.run();
                    rang = true;
                }
            }
            if (!rang && nanos == end) {
                return;
            }
        }
    }

    private static final class HandAlarm implements Alarm {
        private final Runnable onRing;
        private long due = Long.MAX_VALUE;

        HandAlarm(Runnable onRing) {
            this.onRing = onRing;
        }

        @Override
        public void set(long monotonicNanos) {
            due = monotonicNanos;
        }

        @Override
        public void close() {
            due = Long.MAX_VALUE;
        }
    }
}
