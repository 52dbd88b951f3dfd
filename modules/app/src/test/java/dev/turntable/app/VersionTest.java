package dev.turntable.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stamp of a build. */
class VersionTest {
    @Test
    void aStampIsPrintedInLlamaSwapsForm(@TempDir Path folder) throws Exception {
        Path stamp = Files.writeString(
                folder.resolve("stamp"), "version=1.2.3\ncommit=0bdb3720\ndate=2026-08-22T10:00:00Z\n");
        assertEquals(
                "version: 1.2.3 (0bdb3720), built at 2026-08-22T10:00:00Z",
                Version.read(stamp).line());
    }

    @Test
    void aBuildWithoutAStampSaysSo(@TempDir Path folder) {
        assertEquals(
                "version: 0 (abcd1234), built at unknown",
                Version.read(folder.resolve("none")).line());
    }
}
