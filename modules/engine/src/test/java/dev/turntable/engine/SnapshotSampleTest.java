package dev.turntable.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.fsm.Yard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * A snapshot of an earlier version is read, has the hash that stands in the journal, and is written again as it was: without it a server
 * whose journal was pruned could not start. {@code snapshot.json} and {@code snapshot.hash} were written before {@code Run} had inner records.
 */
class SnapshotSampleTest {
    private static final Path SAMPLES = Path.of("src", "test", "resources", "dev", "turntable", "engine");

    @Test
    void aSnapshotOfAnEarlierVersionIsReadAndHasItsHash() throws IOException {
        byte[] sample = Files.readAllBytes(SAMPLES.resolve("snapshot.json"));
        Yard read = Yard.of(Folded.IMAGE.decode(sample));
        assertEquals(Files.readString(SAMPLES.resolve("snapshot.hash")), read.stateHash());
        assertEquals(new String(sample, UTF_8), new String(Folded.IMAGE.encode(read.image()), UTF_8));
    }
}
