package dev.turntable.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A body is the same wherever it lies and in whatever order it is looked at. */
class BodyViewTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsSeenAsItIsInWhateverOrder() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("body"), bytes))) {
            BodyView view = BodyView.of(file, bytes.length);
            for (int i = 0; i < bytes.length; i++) {
                assertEquals(bytes[i], view.at(i));
            }
            for (int i = bytes.length - 1; i >= 0; i -= 977) {
                assertEquals(bytes[i], view.at(i));
            }
            assertArrayEquals(Arrays.copyOfRange(bytes, 60_000, 200_000), view.slice(60_000, 200_000));
            assertEquals(bytes[0], view.at(0));
            assertThrows(IndexOutOfBoundsException.class, () -> view.at(bytes.length));
            assertThrows(IndexOutOfBoundsException.class, () -> view.at(-1));
        }
    }

    @Test
    void aNameIsFoundFarBehindTheFirstWindow() throws IOException {
        String text = "{\"padding\":\"" + "x".repeat(200_000) + "\",\"model\":\"f\\u006fx\"}";
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("body"), text))) {
            BodyView view = BodyView.of(file, text.length());
            assertEquals("fox", JsonScan.field(view, "model").orElseThrow().asText());
            assertEquals(
                    JsonScan.field(text.getBytes(StandardCharsets.US_ASCII), "model"), JsonScan.field(view, "model"));
        }
    }

    @Test
    void aFileThatIsShorterThanItShouldBeIsAnError() throws IOException {
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("body"), "short"))) {
            assertThrows(
                    UncheckedIOException.class, () -> BodyView.of(file, 100).at(0));
        }
    }
}
