package dev.turntable.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A parameter is set or removed in place; every other byte of the request stays. */
class JsonEditTest {
    @TestFactory
    List<DynamicTest> theTableOfEdits() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = JsonEditTest.class.getResourceAsStream("json-edits.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : all.split("\n")) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] cells = line.split(" \\| ", -1);
                    tests.add(DynamicTest.dynamicTest(
                            cells[0] + " " + cells[1] + " in " + cells[3],
                            () -> assertEquals(text(cells[4]), edited(cells))));
                }
            }
        }
        assertTrue(tests.size() > 30);
        return tests;
    }

    private static String edited(String[] cells) {
        byte[] before = text(cells[3]).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] after = cells[0].equals("set")
                    ? JsonEdit.set(before, cells[1], cells[2])
                    : JsonEdit.delete(before, cells[1]);
            return new String(after, StandardCharsets.UTF_8);
        } catch (JsonEdit.NotPossible e) {
            return "<" + e.getMessage() + ">";
        }
    }

    private static String text(String cell) {
        return cell.replace("\\n", "\n").replace("\\t", "\t");
    }

    @Test
    void theRoomRunsAsAModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void aVeryDeepBodyIsEditedWithoutRecursion() throws Exception {
        String deep = "{\"x\":" + "[".repeat(200_000) + "]".repeat(200_000) + ",\"model\":\"a\"}";
        byte[] after = JsonEdit.set(deep.getBytes(StandardCharsets.UTF_8), "model", "\"b\"");
        assertTrue(new String(after, StandardCharsets.UTF_8).endsWith("],\"model\":\"b\"}"));
    }
}
