package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.Value;
import dev.turntable.config.printing.CheckConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check-config command: exit codes, summary, all errors at once, printing, JSON, and never a secret. */
class CheckConfigTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("TOKEN", "hunter-hunter");
    private static final String GOOD = """
            apiKeys: [my-secret-key]
            globalTTL: 60
            models:
              a: {cmd: 'svr --port ${PORT} --token ${env.TOKEN}', aliases: [one], env: [K=hidden-value]}
              b: {cmd: 'svr --port ${PORT}', ttl: 0}
            groups: {both: {swap: false, members: [a, b]}}
            peers: {p: {proxy: 'http://h', apiKey: peer-secret, models: [m]}}
            """;
    private static final String BAD = """
            apiKeys: [my-secret-key, 'my secret']
            globalTTL: -1
            modles: {}
            models:
              a: {cmd: 'x ${nope}', proxy: 'http://h', env: ['K=hidden-value ${zz}'], ttl: 5m}
              b: {cmd: x}
            """;

    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static void nothingSecret(CheckConfig.Outcome outcome) {
        for (String secret : List.of("my-secret-key", "my secret", "hunter-hunter", "hidden-value", "peer-secret")) {
            assertFalse((outcome.out() + outcome.err()).contains(secret), () -> secret + " is in " + outcome);
        }
    }

    @Test
    void aGoodFileIsSummarised() throws IOException {
        CheckConfig.Outcome outcome = CheckConfig.run(List.of(file("good.yaml", GOOD)), ENVIRONMENT);
        assertEquals(0, outcome.exitCode());
        assertEquals("", outcome.err());
        for (String part : List.of(
                "good.yaml: ok",
                "models: 2",
                "port 5800, ttl 1m0s, also one",
                "port 5801, ttl never",
                "both (side by side, ends others): a, b",
                "API keys: 1")) {
            assertTrue(outcome.out().contains(part), () -> part + " is not in " + outcome.out());
        }
        nothingSecret(outcome);
    }

    @Test
    void aBadFileIsToldAllItsMistakesInOrder() throws IOException {
        CheckConfig.Outcome outcome = CheckConfig.run(List.of(file("bad.yaml", BAD)), ENVIRONMENT);
        assertEquals(1, outcome.exitCode());
        assertEquals("", outcome.out());
        int at = 0;
        for (String part : List.of(
                "warning: ",
                "unknown key modles (did you mean models?)",
                "bad.yaml: 6 errors",
                "model b: proxy uses ${PORT} but cmd does not",
                "bad.yaml:6:3",
                "  b: {cmd: x}",
                "^",
                "unknown macro '${nope}' found in a.cmd",
                "model a env: unknown macro '${zz}'",
                "cannot unmarshal !!str `5m` into int (models.a.ttl)",
                "globalTTL must be >= 0",
                "apiKeys[1]: api key cannot contain spaces")) {
            int found = outcome.err().indexOf(part, at);
            assertTrue(found >= at, () -> part + " is not in its place in\n" + outcome.err());
            at = found;
        }
        nothingSecret(outcome);
    }

    @Test
    void everyUnknownMacroIsToldWithWhatWasMeant() throws IOException {
        String text = CheckConfig.run(List.of(file("macros.yaml", """
                        macros: {first: '${second}', second: s, wrong: [a], weights: w}
                        models:
                          a: {cmd: 'x ${HOME} ${weight} ${wrong} ${HF_TOKEN} ${first}', proxy: 'http://h'}
                        """)), Map.of("HOME", "/root"))
                .err();
        for (String part : List.of(
                "macros.yaml: 5 errors",
                "macro 'wrong' has invalid type",
                "unknown macro '${HOME}' found in a.cmd",
                "did you mean ${env.HOME}?",
                "unknown macro '${weight}' found in a.cmd",
                "did you mean ${weights}?",
                "unknown macro '${HF_TOKEN}' found in a.cmd",
                "did you mean ${env.HF_TOKEN}? It is not set now",
                "unknown macro '${second}' found in a.cmd",
                "it is declared, but not where it is used")) {
            assertTrue(text.contains(part), () -> part + " is not in\n" + text);
        }
        assertFalse(text.contains("unknown macro '${wrong}'"), text);
    }

    @Test
    void severalFilesAreCheckedOneByOne() throws IOException {
        CheckConfig.Outcome outcome =
                CheckConfig.run(List.of(file("good.yaml", GOOD), file("bad.yaml", BAD)), ENVIRONMENT);
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.out().contains("good.yaml: ok"));
        assertTrue(outcome.err().contains("bad.yaml: 6 errors"));
    }

    @Test
    void aPrintedConfigurationLoadsAgainToTheSame() throws IOException {
        CheckConfig.Outcome outcome = CheckConfig.run(List.of("--print", file("good.yaml", GOOD)), ENVIRONMENT);
        nothingSecret(outcome);
        String again = CheckConfig.run(List.of("--print", file("again.yaml", outcome.out())), ENVIRONMENT)
                .out();
        assertEquals(outcome.out(), again);
    }

    @Test
    void jsonIsForTools() throws IOException {
        for (String flag : List.of("--json", "-json")) {
            CheckConfig.Outcome outcome = CheckConfig.run(
                    List.of(flag, "--print", file("good.yaml", GOOD), file("bad.yaml", BAD)), ENVIRONMENT);
            assertEquals(1, outcome.exitCode());
            nothingSecret(outcome);
            Value.Fields answer = (Value.Fields) Schema.tree(outcome.out());
            Value.Items files = (Value.Items) answer.fields().get("files");
            Value.Fields good = (Value.Fields) files.items().getFirst();
            Value.Fields bad = (Value.Fields) files.items().getLast();
            assertEquals(new Value.Bool(true), good.fields().get("ok"));
            assertTrue(good.toJson().contains("\"summary\":{\"hash\":\""));
            assertTrue(good.toJson().contains("\"effective\":{\"healthCheckTimeout\":120"));
            assertEquals(6, ((Value.Items) bad.fields().get("errors")).items().size());
            assertTrue(bad.toJson().contains("\"line\":6,\"column\":3"));
        }
    }

    @Test
    void theCommandLineIsCheckedToo() {
        assertEquals(2, CheckConfig.run(List.of(), Map.of()).exitCode());
        assertEquals(2, CheckConfig.run(List.of("--nope", "x"), Map.of()).exitCode());
        assertEquals(2, CheckConfig.run(List.of("-config"), Map.of()).exitCode());
        assertEquals(0, CheckConfig.run(List.of("--help"), Map.of()).exitCode());
    }

    @Test
    void aMissingFileIsAnError() {
        CheckConfig.Outcome outcome = CheckConfig.run(List.of("/no/such/file.yaml"), Map.of());
        assertEquals(1, outcome.exitCode());
        assertTrue(
                outcome.err()
                        .contains(
                                "failed to read config /no/such/file.yaml: open /no/such/file.yaml: no such file or directory"));
    }
}
