package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.CommandLine;
import dev.turntable.config.Config;
import dev.turntable.config.ConfigWarning;
import dev.turntable.config.Value;
import dev.turntable.config.printing.ConfigPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration case of the behaviour specification (§10.B to §10.F) and the wanted differences, one file a case. */
class GoldenCasesTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    @TempDir
    Path folder;

    static List<GoldenCase> cases() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<GoldenCase> cases = new java.util.ArrayList<>();
            for (Path file : files.sorted().toList()) {
                cases.add(GoldenCase.read(file));
            }
            return cases;
        }
    }

    @Test
    void testsRunInsideTheModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void behavesAsItsFileSays(GoldenCase golden) throws IOException {
        LoadResult result = ConfigLoader.load(golden.writeTo(folder), LoadOptions.of(golden.environment()));
        if (golden.section("error").isPresent()) {
            LoadResult.Refused refused = assertInstanceOf(LoadResult.Refused.class, result, "must be refused");
            String told = refused.first().render().replace(folder.toString() + "/", "");
            lines(golden, "error")
                    .forEach(line -> assertTrue(told.contains(line), () -> "wanted: " + line + "\ntold: " + told));
            return;
        }
        if (result instanceof LoadResult.Refused refused) {
            throw new AssertionError("refused: " + refused.first().render());
        }
        LoadResult.Loaded loaded = (LoadResult.Loaded) result;
        effective(golden, loaded.config());
        golden.sections().keySet().stream()
                .filter(key -> key.startsWith("args "))
                .forEach(key -> args(golden, key, loaded.config()));
        String warnings = String.join(
                "\n", loaded.warnings().stream().map(ConfigWarning::oneLine).toList());
        lines(golden, "warning")
                .forEach(line -> assertTrue(warnings.contains(line), () -> "wanted: " + line + "\ntold: " + warnings));
    }

    private static void effective(GoldenCase golden, Config config) {
        Value.Fields tree = ConfigPrinter.effective(config);
        for (String line : lines(golden, "effective")) {
            int equals = line.indexOf(" = ");
            if (line.startsWith("- ")) {
                assertEquals(Optional.empty(), at(tree, line.substring(2)), line);
            } else if (line.startsWith("keys ")) {
                Value.Fields fields =
                        (Value.Fields) at(tree, line.substring(5, equals)).orElseThrow();
                assertEquals(
                        line.substring(equals + 3), fields.fields().keySet().toString(), line);
            } else {
                assertEquals(
                        Optional.of(line.substring(equals + 3)),
                        at(tree, line.substring(0, equals)).map(Value::toJson),
                        line);
            }
        }
    }

    /** The value at a path whose names are separated by single blanks, for model ids hold dots and slashes. */
    private static Optional<Value> at(Value.Fields tree, String path) {
        Value value = tree;
        for (String name : path.split(" ")) {
            if (!(value instanceof Value.Fields fields) || !fields.fields().containsKey(name)) {
                return Optional.empty();
            }
            value = fields.fields().get(name);
        }
        return Optional.of(value);
    }

    private static void args(GoldenCase golden, String key, Config config) {
        CommandLine command = config.models().get(key.substring(5)).command();
        CommandLine.Args args = assertInstanceOf(CommandLine.Args.class, command);
        assertEquals(
                lines(golden, key),
                args.args().stream().map(arg -> new Value.Text(arg).toJson()).toList());
    }

    private static List<String> lines(GoldenCase golden, String section) {
        return golden.section(section).stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .toList();
    }
}
