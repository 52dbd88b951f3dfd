package dev.turntable.bench;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Verdict;
import dev.turntable.fsm.Yard;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the core's decisions cost: a request of a ready model comes and goes, in a small yard and in a crowded one. JMH runs it on the class path. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {
    /** Models configured; as many requests wait for a model that is not ready. */
    @Param({"1", "1000"})
    int size;

    private Instant now;
    private Yard idle;
    private Yard busy;
    private Fact arrived;
    private Fact finished;

    @Setup
    public void setUp() {
        now = Instant.parse("2026-01-01T00:00:00Z");
        Yard yard = decide(Yard.empty(), Facts.started());
        yard = decide(yard, Facts.configured(size));
        yard = decide(yard, Facts.arrived(1, Facts.model(0)));
        var run = new RunId(Facts.model(0), 1);
        yard = decide(yard, Facts.spawned(run));
        yard = decide(yard, Facts.ready(run));
        yard = decide(yard, Facts.finished(1));
        for (int i = 1; i < size; i++) {
            yard = decide(yard, Facts.arrived(1 + i, Facts.model(size - 1)));
        }
        idle = yard;
        arrived = Facts.arrived(size + 1, Facts.model(0));
        finished = Facts.finished(size + 1);
        busy = decide(yard, arrived);
    }

    private Yard decide(Yard yard, Fact fact) {
        return Core.decide(yard, fact, now).next();
    }

    /** A request of a ready model is admitted. */
    @Benchmark
    public Verdict arrives() {
        return Core.decide(idle, arrived, now);
    }

    /** It ends. */
    @Benchmark
    public Verdict finishes() {
        return Core.decide(busy, finished, now);
    }
}
