package dev.turntable.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.journal.Durability;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.Journals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A record on disk, as long as {@code -Dturntable.whatif.requests} says, read and played. With {@code -Dturntable.whatif.folder} it stays
 * there, for the figures in docs/whatif.md.
 */
class LongRecordTest {
    private static final int REQUESTS = Integer.getInteger("turntable.whatif.requests", 20_000);
    private static final int CLIENTS = 40;

    @TempDir
    Path scratch;

    @Test
    void isReadAndPlayedWhole() {
        Path folder = Optional.ofNullable(System.getProperty("turntable.whatif.folder"))
                .map(Path::of)
                .orElse(scratch);
        JournalOptions options = JournalOptions.defaults()
                .withDurability(Durability.FAST)
                .withRetention(Duration.ofDays(3_650), 64L << 30);
        try (Journal journal = Journals.open(folder, options)) {
            TrueWorld world = new TrueWorld(Traffic.six(600), journal);
            for (int c = 0; c < CLIENTS; c++) {
                String model = "" + (char) ('a' + c % 6);
                world.closed("client " + c, Traffic.asks(model, REQUESTS / CLIENTS, 2_000, 1_500, c));
            }
            world.play();
        }
        try (Journal journal = WhatIf.open(folder)) {
            Comparison comparison = new WhatIf(journal, _ -> Optional.empty())
                    .ask(new WhatIf.Question("30d", Optional.empty(), List.of(), List.of(), 1, 2), Watcher.PATIENT);
            assertEquals(REQUESTS, comparison.recorded().all().answered());
            assertEquals(REQUESTS, comparison.replayed().orElseThrow().all().answered());
        }
    }
}
