package dev.turntable.api.machine;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Samples the machine at a fixed pace and keeps the last hour (llama-swap §8.7). Owns one virtual thread that sleeps between samples.
 *
 * <p>Bounded: an hour of samples, at most {@link #MAX_GPUS} of each kind a moment.
 */
public final class PerformanceMonitor implements AutoCloseable {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MAX_GPUS = 64;

    private final Duration every;
    private final InstantSource clock;
    private final SystemProbe system;
    private final GpuProbe gpus;
    private final ArrayDeque<SystemSample> systemSamples = new ArrayDeque<>();
    private final ArrayDeque<List<GpuSample>> gpuSamples = new ArrayDeque<>();
    private volatile boolean closed;
    private final Thread thread;

    /** Begins to sample; the first sample stands after one interval. */
    public static PerformanceMonitor start(Duration every, InstantSource clock) {
        return new PerformanceMonitor(
                every, clock, new ProcFiles(Path.of("/")), new GpuProbe(LactProbe.system(), Tool.system()));
    }

    PerformanceMonitor(Duration every, InstantSource clock, ProcFiles files, GpuProbe gpus) {
        this.every = every;
        this.clock = clock;
        this.system = new SystemProbe(files);
        this.gpus = gpus;
        this.thread = Thread.ofVirtual().name("performance").start(this::run);
    }

    private void run() {
        long next = System.nanoTime() + every.toNanos();
        while (!closed) {
            long left = next - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
                continue;
            }
            sample();
            next += every.toNanos();
        }
    }

    /** Takes one sample now; the thread does, and tests do. */
    void sample() {
        Instant now = clock.instant();
        SystemSample one = system.read(now);
        List<GpuSample> all = gpus.read(now).stream().limit(MAX_GPUS).toList();
        long capacity = Math.max(1, KEPT.toNanos() / every.toNanos());
        synchronized (this) {
            systemSamples.add(one);
            if (!all.isEmpty()) {
                gpuSamples.add(all);
            }
            while (systemSamples.size() > capacity) {
                systemSamples.remove();
            }
            while (gpuSamples.size() > capacity) {
                gpuSamples.remove();
            }
        }
    }

    /** Samples strictly later than the moment, oldest first. */
    public synchronized List<SystemSample> system(Instant after) {
        return systemSamples.stream().filter(s -> s.timestamp().isAfter(after)).toList();
    }

    public synchronized List<GpuSample> gpus(Instant after) {
        List<GpuSample> all = new ArrayList<>();
        gpuSamples.forEach(moment ->
                moment.stream().filter(s -> s.timestamp().isAfter(after)).forEach(all::add));
        return all;
    }

    /** Stops sampling; what was sampled stays readable. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
