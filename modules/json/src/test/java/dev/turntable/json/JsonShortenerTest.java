package dev.turntable.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A shortened text parses to the same values, but for the ends of its long strings. */
class JsonShortenerTest {
    private static String shortened(int longest, String json, int piece) throws IOException {
        JsonShortener shortener = new JsonShortener(longest);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += piece) {
            shortener.feed(bytes, from, Math.min(piece, bytes.length - from), out::write);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLongStringLosesItsEndAndNothingElse() throws IOException {
        assertEquals("{\"a\":\"12345\",\"b\":[\"x\",7]}", shortened(5, "{\"a\":\"1234567\",\"b\":[\"x\",7]}", 3));
        assertEquals("\"1234\\u00fc\"", shortened(5, "\"1234\\u00fc78\"", 1));
        assertEquals("\"12345\"", shortened(5, "\"12345\\\"\\\\\"", 2));
        assertEquals("\"1234ü\"", shortened(5, "\"1234üöä\"", 1));
    }

    @Test
    void whateverComesInWhateverPiecesParsesTheSame() throws IOException {
        Random random = new Random(39);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder json = new StringBuilder();
            value(random, json, 3);
            String text = json.toString();
            String left = shortened(8, text, 1 + random.nextInt(7));
            assertTrue(same(text, left), () -> text + " became " + left);
        }
    }

    private static boolean same(String text, String left) throws IOException {
        try (JsonParser whole = new JsonFactory().createParser(text);
                JsonParser cut = new JsonFactory().createParser(left)) {
            for (JsonToken token = whole.nextToken(); token != null; token = whole.nextToken()) {
                if (token != cut.nextToken() || !whole.getText().startsWith(cut.getText())) {
                    return false;
                }
                boolean shortText = whole.getText().getBytes(StandardCharsets.UTF_8).length <= 3;
                if (shortText && !whole.getText().equals(cut.getText())) {
                    return false;
                }
            }
            return cut.nextToken() == null;
        }
    }

    private static void value(Random random, StringBuilder out, int depth) {
        switch (depth == 0 ? random.nextInt(2) : random.nextInt(4)) {
            case 0 -> string(random, out);
            case 1 -> out.append(random.nextInt());
            case 2 -> {
                out.append('[');
                for (int i = random.nextInt(4); i > 0; i--) {
                    value(random, out, depth - 1);
                    out.append(i > 1 ? "," : "");
                }
                out.append(']');
            }
            default -> {
                out.append('{');
                for (int i = random.nextInt(4); i > 0; i--) {
                    string(random, out);
                    out.append(':');
                    value(random, out, depth - 1);
                    out.append(i > 1 ? "," : "");
                }
                out.append('}');
            }
        }
    }

    private static void string(Random random, StringBuilder out) {
        String[] parts = {"a", "b ", "\\\"", "\\\\", "\\u00fc", "\\n", "ü", "€", "😀", "\\uD83D\\uDE00", "{", "]"};
        out.append('"');
        for (int i = random.nextInt(20); i > 0; i--) {
            out.append(parts[random.nextInt(parts.length)]);
        }
        out.append('"');
    }
}
