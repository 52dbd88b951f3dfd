package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.turntable.proxy.body.BodyStore;
import dev.turntable.proxy.body.Budget;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.upstream.Input;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.WireException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request's body, read to its end: how large it may be, wherever it is kept. */
class RequestBodyTest {
    @TempDir
    Path folder;

    /** Bytes that come a hundred at a time. */
    private static final class Coming extends Input {
        private int left;

        Coming(int bytes) {
            left = bytes;
        }

        @Override
        public boolean fill() {
            int now = Math.min(100, left);
            left -= now;
            append(new byte[now]);
            return now > 0;
        }
    }

    private RequestBody read(int bytes, boolean announced, int inMemory) throws IOException {
        BodyStore store = new BodyStore(folder, inMemory, new Budget(1_000_000), () -> 5000);
        return RequestBody.read(store, MessageBody.ofStream(new Coming(bytes), announced ? bytes : -1));
    }

    @ParameterizedTest
    @CsvSource({"true, 100000", "false, 100000", "true, 1000", "false, 1000"})
    void theLimitHoldsWithAndWithoutALengthInMemoryAndOnDisk(boolean announced, int inMemory) throws IOException {
        try (RequestBody body = read(5000, announced, inMemory)) {
            assertEquals(5000, body.length());
        }
        WireException tooLarge = assertThrows(WireException.class, () -> read(5001, announced, inMemory));
        assertEquals(413, tooLarge.status());
    }
}
