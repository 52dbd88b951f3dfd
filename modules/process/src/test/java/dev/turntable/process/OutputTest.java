package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.journal.MemoryJournal;
import dev.turntable.process.linux.OutputPipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What children print is always drained, in pieces of bounded size (docs/operating.md, llama-swap §13.12). */
class OutputTest {
    private static final long HUGE = 100_000_000;

    @TempDir
    Path folder;

    @Test
    void aHundredMegabytesPassAndNoneIsLost() throws InterruptedException {
        AtomicLong bytes = new AtomicLong();
        AtomicLong largest = new AtomicLong();
        BlockingQueue<Fact> facts = new LinkedBlockingQueue<>();
        Rig builder = new Rig(folder.resolve("unused"));
        builder.model("m", "sh -c 'head -c " + HUGE + " /dev/zero; exit 0'").add();
        try (MemoryJournal journal = MemoryJournal.create();
                Processes processes = Processes.open(
                        folder,
                        journal,
                        id -> Optional.ofNullable(builder.configured.get(id)),
                        facts::add,
                        (run, chunk, length) -> {
                            bytes.addAndGet(length);
                            largest.accumulateAndGet(length, Math::max);
                        })) {
            processes.begin(1, List.of());
            RunId run = new RunId(new dev.turntable.event.ModelId("m"), 1);
            journal.append(
                    java.time.Instant.EPOCH,
                    0,
                    new Fact.ServerStopped(),
                    List.of(new dev.turntable.event.Decision.StartOrdered(
                            run,
                            java.util.OptionalInt.empty(),
                            java.time.Instant.EPOCH,
                            dev.turntable.event.Reason.REQUESTED)));
            Fact last = null;
            while (!(last instanceof Fact.ProcessExited)) {
                last = facts.poll(30, TimeUnit.SECONDS);
                assertTrue(last != null, "no exit");
            }
            assertEquals(HUGE, ((Fact.ProcessExited) last).outputBytes());
        } finally {
            builder.close();
        }
        assertEquals(HUGE, bytes.get());
        assertTrue(largest.get() <= OutputPipe.CHUNK_BYTES);
    }

    @Test
    void aTalkativeChildDoesNotKeepAnotherFromBeingHeard() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId loud = rig.model("loud", "sh -c 'exec cat /dev/zero'").start();
            rig.spawned(loud);
            RunId quiet = rig.model("quiet", "sh -c 'echo here; exit 0'").start();
            rig.exited(quiet);
            assertEquals("here\n", rig.output(quiet));
            rig.kill(loud);
            rig.exited(loud);
        }
    }

    @Test
    void aChildThatClosesItsOutputIsWatchedAllTheSame() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'echo first; exec >/dev/null 2>&1; sleep 0.2; exit 6'")
                    .start();
            assertEquals(OptionalInt.of(6), rig.exited(run).code());
            assertEquals("first\n", rig.output(run));
        }
    }
}
