package dev.turntable.logs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A history is exactly the last 102,400 bytes, whatever the pieces it came in (llama-swap §10.N). */
class RingTest {
    @Test
    void theHistoryIsExactlyTheLastBytesWhateverThePieces() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            Ring ring = new Ring();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (all.size() < 3 * Ring.LIMIT) {
                byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 200 : Ring.LIMIT + 500)];
                random.nextBytes(piece);
                ring.add(piece, piece.length);
                all.writeBytes(piece);
                byte[] written = all.toByteArray();
                assertArrayEquals(
                        Arrays.copyOfRange(written, Math.max(0, written.length - Ring.LIMIT), written.length),
                        ring.toArray());
            }
        }
    }

    @Test
    void anEmptyRingHoldsNothing() {
        assertEquals(0, new Ring().toArray().length);
    }
}
