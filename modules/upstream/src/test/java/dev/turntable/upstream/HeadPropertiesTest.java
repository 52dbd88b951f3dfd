package dev.turntable.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of every head that is read, tried on heads from seeds, whole and damaged. */
class HeadPropertiesTest {
    private static final int ROUNDS = 20_000;

    /** Bytes that arrive in pieces of at most so many. */
    private static final class Pieces extends Input {
        private final byte[] all;
        private final int piece;
        private int at;

        Pieces(byte[] all, int piece) {
            this.all = all;
            this.piece = piece;
        }

        @Override
        public boolean fill() {
            if (at == all.length) {
                return false;
            }
            int end = Math.min(all.length, at + piece);
            append(Arrays.copyOfRange(all, at, end));
            at = end;
            return true;
        }
    }

    private static String answer(Random random) {
        StringBuilder head = new StringBuilder("HTTP/1.").append(random.nextInt(2));
        head.append(' ').append(100 + random.nextInt(500)).append(random.nextBoolean() ? " Some Reason" : "");
        head.append(random.nextInt(10) == 0 ? "\n" : "\r\n");
        for (int i = random.nextInt(6); i > 0; i--) {
            head.append("X-H").append(random.nextInt(3)).append(':');
            head.append(new String[] {"", " ", "\t "}[random.nextInt(3)]);
            head.append(new String[] {"", "a", "b c", "\u00fc\u00ff", "x, y;q=1"}[random.nextInt(5)]);
            head.append(random.nextBoolean() ? "" : "  ").append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static byte[] damaged(Random random, String head) {
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] =
                    random.nextBoolean() ? (byte) random.nextInt(256) : (byte) "\r\n :\0".charAt(random.nextInt(5));
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    /** The head as text that says everything of it, or how it was refused. */
    private static String read(byte[] bytes, int piece) throws IOException {
        try {
            ResponseHead head = HeadReader.response(new Pieces(bytes, piece));
            StringBuilder said =
                    new StringBuilder("HTTP/1." + head.minor() + " " + head.status() + " " + head.reason());
            head.headers()
                    .forEach((name, value) ->
                            said.append('\n').append(name).append(": ").append(value));
            return said.toString();
        } catch (EOFException cut) {
            return "cut";
        } catch (WireException refused) {
            return "refused";
        }
    }

    @Test
    void aHeadIsTheSameInWhateverPiecesItArrives() throws IOException {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = damaged(random, answer(random));
            assertEquals(read(bytes, bytes.length + 1), read(bytes, 1 + random.nextInt(5)), "seed " + seed);
        }
    }

    @Test
    void whatIsReadCanBeWrittenAndReadAgain() throws IOException {
        int whole = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            String once = read(damaged(random, answer(random)), 1000);
            if (!once.equals("cut") && !once.equals("refused")) {
                whole++;
                assertFalse(once.contains("\r") || once.contains("\0"), once);
                byte[] again = (once.replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
                assertEquals(once, read(again, 1000), "seed " + seed);
            }
        }
        assertTrue(whole > ROUNDS / 10, "some heads are whole: " + whole);
    }
}
