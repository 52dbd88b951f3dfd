package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.proxy.body.BodyStore;
import dev.turntable.proxy.body.Budget;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where large bodies go, and that none stays. */
class BodyStoreTest {
    @Test
    void whatAKilledServerLeftGoesAtTheNextStartAndNothingElse(@TempDir Path folder) throws Exception {
        Path left = store(folder).temporary();
        Path other = Files.createFile(folder.resolve("somebody's"));
        store(folder);
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(other));
    }

    private static BodyStore store(Path folder) {
        return new BodyStore(folder, 1 << 20, new Budget(1 << 20), () -> 1L << 30);
    }
}
