package dev.turntable.process.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the kernel writes about a process is read as it is meant. */
class ProcFsTest {
    @Test
    void aProgramMayBeNamedLikeTheRestOfTheLine() {
        String line =
                "17 (a) R 1 (b) S 1 17 16 0 -1 4194560 0 0 0 0 250 50 7 9 20 0 1 0 98765 3000 42 18446744073709551615\n";
        assertEquals(
                Optional.of(new ProcFs.Stat(17, 'S', 1, 17, 16, 98765, Duration.ofSeconds(3), 42)), ProcFs.parse(line));
    }

    @Test
    void aLineCutShortIsNoProcess() {
        assertEquals(Optional.empty(), ProcFs.parse(""));
        assertEquals(Optional.empty(), ProcFs.parse("17 (x) S 1 17"));
    }

    @Test
    void thisProcessIsFoundAndAnImpossibleOneIsNot() {
        assertTrue(ProcFs.stat(ProcessHandle.current().pid()).orElseThrow().residentPages() > 0);
        assertEquals(Optional.empty(), ProcFs.stat(999_999_999));
    }

    @Test
    void aWaitStatusIsACodeOrASignal() {
        assertEquals(new Pid.Exit(3, OptionalInt.empty()), Pid.exit(3 << 8));
        assertEquals(new Pid.Exit(137, OptionalInt.of(9)), Pid.exit(9));
        assertEquals(new Pid.Exit(139, OptionalInt.of(11)), Pid.exit(11 | 0x80), "with a core dump");
        assertEquals("exit status 3", Pid.exit(3 << 8).text());
        assertEquals("signal: killed", Pid.exit(9).text());
    }
}
