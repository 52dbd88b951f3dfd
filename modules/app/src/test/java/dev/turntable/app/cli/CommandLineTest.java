package dev.turntable.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of the command line: what each means, and which exit code a wrong one ends with. */
class CommandLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void testsRunInANamedModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-version", "--version", "-version=true", "--version=T", "-version -config /nowhere.yaml"})
    void versionPrintsTheExactFormBeforeAnythingElse(String words) {
        assertEquals(0, run(words));
        assertEquals("version: 0 (abcd1234), built at unknown\n", text(out));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -nonsense                        | flag provided but not defined: -nonsense
            -Config x                        | flag provided but not defined: -Config
            -conf x                          | flag provided but not defined: -conf
            -config                          | flag needs an argument: -config
            -watch-config=maybe              | invalid boolean value "maybe" for -watch-config: parse error
            ---config x                      | bad flag syntax: ---config
            -=x                              | bad flag syntax: -=x
            -config x -watch-config false    | unexpected argument: false
            check-config -nonsense           | flag provided but not defined: -nonsense
            """)
    void aWrongWordEndsWithTwoAndSaysWhatIsWrong(String words, String message) {
        assertEquals(2, run(words));
        assertTrue(text(err).startsWith("turntable: " + message), text(err));
        assertEquals("", text(out));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -listen :0                          | no configuration: at least one of -config or -config-dir must be provided
            -watch-config false -config x       | unexpected argument: false (it ends the flags, and at least one of -config
            -                                   | unexpected argument: -
            nonsense -config x                  | unexpected argument: nonsense
            -config /nowhere/at/all.yaml        | configuration refused: failed to read config /nowhere/at/all.yaml
            -config=/nowhere/at/all.yaml        | configuration refused: failed to read config /nowhere/at/all.yaml
            -config x -config /nowhere/last     | configuration refused: failed to read config /nowhere/last
            -config -listen                     | configuration refused: failed to read config -listen
            """)
    void aFileThatCannotBeReadEndsWithOne(String words, String message) {
        assertEquals(1, run(words));
        assertTrue(text(err).startsWith("turntable: " + message), text(err));
        assertEquals(1, text(err).lines().count());
    }

    @Test
    void wordsBehindTheFlagsAreIgnoredAndTold() {
        assertEquals(1, run("-config /nowhere/x -- y -nope"));
        assertTrue(text(err).startsWith("turntable: ignored: y -nope\nturntable: configuration refused: "), text(err));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help", "-help"})
    void helpNamesEveryFlagAndEveryExitCode(String words) {
        assertEquals(0, run(words));
        for (String flag :
                new String[] {"-config", "-config-dir", "-listen", "-data-dir", "-watch-config", "-version"}) {
            assertTrue(text(out).lines().anyMatch(line -> line.strip().matches(flag + "\\b.*")), flag);
        }
        for (var code : dev.turntable.app.ExitCode.values()) {
            String line = "  " + code.number() + " ";
            assertTrue(text(out).contains(line), line);
            assertTrue(text(out).replaceAll("\\s+", " ").contains(code.meaning()), code.meaning());
        }
    }

    @Test
    void anUnreadableFolderIsNotTakenForAFile(@TempDir Path folder) throws Exception {
        Path inside = Files.createDirectory(folder.resolve("config.yaml"));
        assertEquals(1, run("-config " + inside));
        assertEquals(
                "turntable: configuration refused: failed to read config " + inside + ": read " + inside
                        + ": is a directory\n",
                text(err));
    }

    private int run(String words) {
        return Commands.standard(print(out), print(err), Map.of())
                .run(words.strip().split(" +"));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(StandardCharsets.UTF_8);
    }
}
