package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.TurntableSettings;
import dev.turntable.config.loading.keys.KnownKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example and the documentation name every key, and no key that does not exist. */
class DocumentsTest {
    private static final Path EXAMPLE = Path.of("../../config/example.yaml");
    private static final Path MANUAL = Path.of("../../docs/configuration.md");

    @Test
    void exampleLoadsWithoutAWarning() {
        LoadResult result = ConfigLoader.load(ConfigSources.file(EXAMPLE.toString()), LoadOptions.of(Map.of()));
        LoadResult.Loaded loaded = assertInstanceOf(LoadResult.Loaded.class, result);
        assertEquals(List.of(), loaded.warnings());
        assertEquals(3, loaded.config().models().size());
    }

    @Test
    void exampleShowsTheDefaultsOfOurOwnBlock() {
        LoadResult.Loaded loaded =
                (LoadResult.Loaded) ConfigLoader.load(ConfigSources.file(EXAMPLE.toString()), LoadOptions.of(Map.of()));
        TurntableSettings shown = loaded.config().turntable();
        TurntableSettings defaults = TurntableSettings.DEFAULTS;
        assertEquals(
                defaults,
                new TurntableSettings(
                        defaults.dataDir(),
                        shown.durability(),
                        shown.maxWait(),
                        shown.backoff(),
                        shown.retention(),
                        shown.limits(),
                        shown.cors()));
    }

    @Test
    void exampleExplainsEveryKey() throws IOException {
        String text = Files.readString(EXAMPLE);
        for (String path : KnownKeys.paths()) {
            String key = List.of(path.replaceAll("\\.\\*+$", "").split("\\.")).getLast();
            assertTrue(Pattern.compile("\\b" + key + ":").matcher(text).find(), () -> "no word about " + path);
        }
    }

    @Test
    void manualHasARowForEveryKeyAndForNoOther() throws IOException {
        List<String> rows = Pattern.compile("(?m)^\\| `([^`$]+)` \\|")
                .matcher(Files.readString(MANUAL))
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
        assertEquals(
                KnownKeys.paths().stream().sorted().toList(),
                rows.stream().sorted().toList());
    }
}
