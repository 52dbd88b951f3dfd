package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.loading.keys.KnownKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema for editors and the parser agree: same keys, same types, both ways. */
class SchemaTest {
    private static final Path SCHEMA = Path.of("../../config/turntable.schema.json");

    /** Every text that a sample may be exists as a model, so that only types can be wrong. */
    private static final String MODELS = Stream.of("a", "1", "0", "-7", "2", "2.5", "5", "true", "yes", "5s", "12MiB")
            .map(id -> "'" + id + "': {cmd: x, proxy: 'http://127.0.0.1:1'}")
            .collect(Collectors.joining(", "));

    /** Values of every kind; texts are chosen so that they name a model, a number, a word or a duration. */
    private static final List<String> SAMPLES = List.of(
            "1",
            "0",
            "-7",
            "2.5",
            "'5'",
            "true",
            "'yes'",
            "'true'",
            "a",
            "5s",
            "[]",
            "[a]",
            "[[a]]",
            "[1, ~]",
            "{}",
            "{a: a}",
            "{a: [a]}",
            "~",
            "12MiB");

    private final Schema schema;

    @TempDir
    Path folder;

    SchemaTest() throws IOException {
        schema = Schema.read(SCHEMA);
    }

    @Test
    void namesEveryKeyTheParserKnowsAndNoOther() {
        assertEquals(new TreeSet<>(KnownKeys.paths()), schema.paths());
    }

    @Test
    void acceptsWhatTheParserAcceptsWithoutWarning() throws IOException {
        int tried = 0;
        for (GoldenCase golden : GoldenCasesTest.cases()) {
            if (golden.sections().containsKey("config.yaml")
                    && golden.environment().isEmpty()) {
                LoadResult result = ConfigLoader.load(golden.writeTo(folder), LoadOptions.of(Map.of()));
                if (result instanceof LoadResult.Loaded loaded
                        && loaded.warnings().isEmpty()) {
                    assertTrue(
                            schema.accepts(
                                    Schema.tree(golden.section("config.yaml").get())),
                            golden::name);
                    tried++;
                }
            }
        }
        assertTrue(tried > 30, "only " + tried + " cases were tried");
    }

    @Test
    void refusesUnknownKeysWhereTheParserWarns() {
        for (String text : List.of(
                "nope: 1",
                "models: {a: {cmd: x, proxy: h, nope: 1}}",
                "turntable: {nope: 1}",
                "groups: {g: {nope: 1}}")) {
            LoadResult.Loaded loaded =
                    (LoadResult.Loaded) ConfigLoader.load(ConfigSources.text("c", text), LoadOptions.of(Map.of()));
            assertEquals(1, loaded.warnings().size(), text);
            assertTrue(!schema.accepts(Schema.tree(text)), text);
        }
    }

    @Test
    void agreesWithTheParserOnEveryKindOfValueAtEveryKey() {
        List<String> differences = new ArrayList<>();
        for (String path : KnownKeys.paths()) {
            for (String sample : SAMPLES) {
                String text = document(path, sample);
                boolean parser = ConfigLoader.load(ConfigSources.text("c", text), LoadOptions.of(Map.of()))
                        instanceof LoadResult.Loaded;
                boolean byschema = schema.accepts(Schema.tree(text));
                if (parser != byschema && !EXPECTED.contains(path + " " + sample)) {
                    differences.add(path + " " + sample + ": parser " + (parser ? "accepts" : "refuses"));
                }
            }
        }
        assertEquals(List.of(), differences);
    }

    /** Where only the meaning of a value is wrong, which no schema can see. */
    private static final Set<String> EXPECTED = Set.of(
            "models.*.proxy ~", // the default needs a port that the command does not take
            "turntable.retention.journalAge 5s", // too little
            "turntable.retention.outputAge 5s",
            "turntable.retention.journalSize 12MiB",
            "turntable.retention.outputSize 12MiB");

    /** A document that is in order but for the value at the path, and in which every reference finds its target. */
    private static String document(String path, String sample) {
        List<String> names = new ArrayList<>(List.of(path.split("\\.")));
        names.remove("**");
        String inner = sample;
        for (int i = names.size() - 1; i >= 0; i--) {
            String parent = String.join(".", names.subList(0, i));
            String name = !names.get(i).equals("*") ? names.get(i) : parent.equals("selectors") ? "sel" : "k";
            inner = "{" + beside(parent, name, path) + name + ": " + inner + "}";
        }
        return inner;
    }

    /** What a mapping needs besides the key that is tried. */
    private static String beside(String parent, String name, String path) {
        String needed =
                switch (parent) {
                    case "" ->
                        path.startsWith("models.") || !path.contains(".*")
                                ? ""
                                : "models: {k: {cmd: x, proxy: 'http://127.0.0.1:1'}, " + MODELS + "}, ";
                    case "models" -> MODELS + ", ";
                    case "models.*" ->
                        (name.equals("cmd") ? "" : "cmd: x, ")
                                + (name.equals("proxy") ? "" : "proxy: 'http://127.0.0.1:1', ");
                    case "peers.*" ->
                        (name.equals("proxy") ? "" : "proxy: 'http://h', ")
                                + (name.equals("models") ? "" : "models: [m], ");
                    case "selectors.*" ->
                        (name.equals("strategy") ? "" : "strategy: pin, ")
                                + (name.equals("targets") ? "" : "targets: [a], ");
                    case "profiles.*" -> name.equals("pins") ? "" : "pins: {k: a}, ";
                    case "matrix", "routing.router.settings.matrix" ->
                        name.equals("sets") ? "" : "sets: {s: a}, vars: {v: a}, ";
                    case "routing.router" -> path.contains("matrix") ? "use: matrix, " : "";
                    default -> "";
                };
        return needed.contains("vars: {v: a}") && name.equals("vars") ? "sets: {s: a}, " : needed;
    }
}
