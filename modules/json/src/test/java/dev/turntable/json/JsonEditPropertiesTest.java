package dev.turntable.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What holds of every edit of every text, tried on texts from seeds. */
class JsonEditPropertiesTest {
    private static final String HOLE = "\u0001";
    private static final int ROUNDS = 3_000;

    /** A text with a hole where one value stands, that value, and the path to it. */
    private record Spot(String text, String value, String path) {
        String filled(String with) {
            return text.replace(HOLE, with);
        }
    }

    private static void everySeed(IntConsumer property) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            int now = seed;
            try {
                property.accept(seed);
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("seed " + now, failed);
            }
        }
    }

    private static Spot spot(Random random) {
        StringBuilder text = new StringBuilder();
        List<String> path = new ArrayList<>();
        object(random, text, 0, path, 1 + random.nextInt(4));
        return new Spot(text.toString(), value(random), String.join(".", path));
    }

    /** Writes an object with the hole so many levels below. */
    private static void object(Random random, StringBuilder out, int depth, List<String> path, int levels) {
        int hole = random.nextInt(3);
        out.append('{').append(blank(random));
        for (int i = 0; i < 3; i++) {
            String key = "k" + depth + "_" + i;
            out.append(i > 0 ? "," : "")
                    .append(blank(random))
                    .append('"')
                    .append(key)
                    .append('"');
            out.append(blank(random)).append(':').append(blank(random));
            if (i == hole) {
                path.add(key);
                below(random, out, depth, path, levels);
            } else {
                out.append(value(random));
            }
            out.append(blank(random));
        }
        out.append('}');
    }

    private static void below(Random random, StringBuilder out, int depth, List<String> path, int levels) {
        if (levels == 1) {
            out.append(HOLE);
        } else if (random.nextBoolean()) {
            object(random, out, depth + 1, path, levels - 1);
        } else {
            int index = random.nextInt(3);
            path.add(Integer.toString(index));
            out.append('[');
            for (int i = 0; i < 3; i++) {
                out.append(i > 0 ? "," : "").append(blank(random));
                if (i == index) {
                    below(random, out, depth, path, levels - 1);
                } else {
                    out.append(value(random));
                }
            }
            out.append(']');
        }
    }

    private static String value(Random random) {
        String[] all = {
            "1",
            "-2.5e3",
            "true",
            "null",
            "\"\"",
            "\"a\\\"b\\\\\"",
            "\"ü€😀\"",
            "[]",
            "{}",
            "[1, [2]]",
            "{\"x\": {\"y\": \"}\"}}",
            "\"{[,:\""
        };
        return all[random.nextInt(all.length)];
    }

    private static String blank(Random random) {
        return new String[] {"", "", " ", "\n", "\t  "}[random.nextInt(5)];
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String set(String json, String path, String value) {
        try {
            return new String(JsonEdit.set(bytes(json), path, value), StandardCharsets.UTF_8);
        } catch (JsonEdit.NotPossible impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String delete(String json, String path) {
        try {
            return new String(JsonEdit.delete(bytes(json), path), StandardCharsets.UTF_8);
        } catch (JsonEdit.NotPossible impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Optional<JsonTree> parsed(String json) {
        byte[] bytes = bytes(json);
        return JsonTree.parse(new JsonFactory(), bytes, 0, bytes.length);
    }

    @Test
    void settingWhatIsThereChangesItsBytesAndNoOther() {
        everySeed(seed -> {
            Random random = new Random(seed);
            Spot spot = spot(random);
            String value = value(random);
            assertEquals(spot.filled(value), set(spot.filled(spot.value()), spot.path(), value));
        });
    }

    @Test
    void settingTwiceIsSettingOnce() {
        everySeed(seed -> {
            Random random = new Random(seed);
            Spot spot = spot(random);
            String path = random.nextBoolean() ? spot.path() : "new.er." + spot.path();
            String once = set(spot.filled(spot.value()), path, "7");
            assertEquals(once, set(once, path, "7"), path);
            assertTrue(parsed(once).isPresent(), once);
        });
    }

    @Test
    void whatWasSetIsFoundAndWhatWasDeletedIsNot() {
        everySeed(seed -> {
            Random random = new Random(seed);
            String json = spot(random).filled(value(random));
            String with = set(json, "model", "\"m\\u00fc\"");
            assertEquals(
                    "mü", JsonScan.field(bytes(with), "model").orElseThrow().asText());
            String without = delete(with, "model");
            assertTrue(JsonScan.field(bytes(without), "model").isEmpty());
            assertEquals(parsed(json), parsed(without), "and the rest is as before");
        });
    }

    @Test
    void deletingLeavesATextThatParses() {
        everySeed(seed -> {
            Random random = new Random(seed);
            Spot spot = spot(random);
            String json = spot.filled(spot.value());
            String left = delete(json, spot.path());
            assertTrue(parsed(left).isPresent(), () -> json + " without " + spot.path() + " is " + left);
        });
    }

    @Test
    void anyBytesAreEditedOrLeftAloneAndNeverHang() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> everySeed(seed -> {
                    Random random = new Random(seed);
                    byte[] json = bytes(spot(random).filled(value(random)));
                    for (int i = 0; i < 3; i++) {
                        json[random.nextInt(json.length)] = (byte) random.nextInt(256);
                    }
                    byte[] cut = java.util.Arrays.copyOf(json, random.nextInt(json.length + 1));
                    try {
                        JsonEdit.delete(JsonEdit.set(cut, "k0_1.x", "1"), "k0_0");
                    } catch (JsonEdit.NotPossible said) {
                        // that is an answer
                    }
                    JsonScan.field(cut, "model");
                }));
    }

    @Test
    void aPatternOfManyStarsCostsNoMoreThanBothLengths() {
        String key = "a".repeat(100_000);
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertEquals("{\"" + key + "\":1}", set("{\"" + key + "\":1}", "*a*a*a*a*a*b", "2")));
        assertEquals("{\"abc\":2}", set("{\"abc\":1}", "a*c", "2"));
        assertEquals("{\"a*c\":2}", set("{\"a*c\":1}", "?\\*c*", "2"));
    }
}
