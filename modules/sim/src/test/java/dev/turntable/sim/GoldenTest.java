package dev.turntable.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.JournalCheck;
import dev.turntable.journal.RecordCodec;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Journals of an earlier day, read and, where they are by the rules of today, decided again (docs/simulation.md). They are never written
 * anew: a difference is a change of what the record means, and has its decision page.
 */
class GoldenTest {
    private static final RecordCodec<Commit> LINES = RecordCodec.of(Commit.class);

    @ParameterizedTest
    @CsvSource({
        "sim-seed-3.jsonl, 8112024579562d7a50c774f76b2c459a51c06cc2fe8cbba8285c3f0f66d3d070",
        "sim-seed-11.jsonl, 2b88721d263a3d1057b3db1d6f2dd626f1f84a850ec737d97cef82431f4b8291",
        "sim-seed-22.jsonl, aa6e6128a3b8e658d6e4735f5c174e17c003faa726ea60dd2a55a727ed327601"
    })
    void aJournalOfThenMeansTheSameToday(String name, String stateHash) throws IOException {
        Yard yard = Yard.empty();
        long seq = 0;
        boolean ours = false;
        try (InputStream stored = GoldenTest.class.getResourceAsStream("/golden/" + name);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stored, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Commit commit = LINES.decode(line.getBytes(StandardCharsets.UTF_8));
                assertEquals(++seq, commit.seq());
                if (commit.fact() instanceof Fact.ServerStarted started) {
                    ours = started.isByOurRules();
                }
                if (ours) {
                    List<Decision> again =
                            Core.decide(yard, commit.fact(), commit.time()).decisions();
                    assertEquals(commit.decisions(), again, name + ", commit " + seq);
                }
                yard = Core.apply(yard, commit);
            }
        }
        assertTrue(seq > 50, "commits: " + seq);
        assertEquals(stateHash, yard.stateHash());
    }

    /** Records new ones: {@code -Dsim.golden=<folder>}; without it, looks that a world of today can be exported at all. */
    @Test
    void aWorldOfTodayCanBeRecorded() throws IOException {
        for (long seed : new long[] {3, 11}) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            World.Outcome world = SeedsTest.world(seed);
            long written;
            try (JournalCheck check = JournalCheck.of(world.disk())) {
                written = check.export(lines);
            }
            assertEquals(world.commits(), written);
            String folder = System.getProperty("sim.golden", "");
            if (!folder.isEmpty()) {
                Files.write(Path.of(folder).resolve("sim-seed-" + seed + ".jsonl"), lines.toByteArray());
            }
        }
    }
}
