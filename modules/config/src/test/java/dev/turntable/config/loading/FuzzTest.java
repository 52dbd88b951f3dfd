package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.Config;
import dev.turntable.config.Value;
import dev.turntable.config.compat.CommandSplitter;
import dev.turntable.config.printing.ConfigPrinter;
import dev.turntable.config.printing.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, loading it ends, throws nothing, and tells no secret. */
class FuzzTest {
    /** Far more than any of it takes; only a hang gets there. */
    private static final Duration HANG = Duration.ofMinutes(2);

    private static final String JUNK = "{}[]:,-#&*!|>'\"%@`?~<$\\ \t\n\r${}abc019._\u00e9\u2028\uD83D\uDE00";
    private static final Map<String, String> ENVIRONMENT =
            Map.of("KEY", "environment-secret", "EMPTY", "", "ODD", "a: b # c \"q\"");

    private static LoadResult load(String text) {
        return ConfigLoader.load(ConfigSources.text("c.yaml", text), LoadOptions.of(ENVIRONMENT));
    }

    private static List<String> corpus() throws IOException {
        List<String> corpus = new ArrayList<>();
        corpus.add(Files.readString(Path.of("../../config/example.yaml")));
        GoldenCasesTest.cases().forEach(golden -> golden.section("config.yaml").ifPresent(corpus::add));
        return corpus;
    }

    @Test
    void anyChangeToAnyFileIsAnswered() throws IOException {
        List<String> corpus = corpus();
        assertTimeoutPreemptively(HANG, () -> {
            for (long seed = 1; seed <= 800; seed++) {
                String text = mutate(new Dice(seed), corpus);
                try {
                    load(text);
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError("seed " + seed + ":\n" + text, e);
                }
            }
        });
    }

    private static String mutate(Dice dice, List<String> corpus) {
        StringBuilder text = new StringBuilder(dice.of(corpus));
        for (int changes = 1 + dice.below(6); changes > 0 && !text.isEmpty(); changes--) {
            int at = dice.below(text.length());
            int end = Math.min(text.length(), at + 1 + dice.below(12));
            switch (dice.below(5)) {
                case 0 -> text.insert(at, dice.text(JUNK, 6));
                case 1 -> text.delete(at, end);
                case 2 -> text.replace(at, end, dice.text(JUNK, 6));
                case 3 -> text.insert(at, text.substring(at, end));
                case 4 -> {
                    String other = dice.of(corpus);
                    int from = dice.below(other.length() + 1);
                    text.insert(at, other, from, Math.min(other.length(), from + dice.below(40)));
                }
                default -> throw new AssertionError();
            }
        }
        return text.toString();
    }

    @Test
    void noErrorTellsASecret() {
        String secrets = """
                x-key: &key "first-secret second secret"
                macros: {token: macro-secret, other: 1}
                apiKeys:
                  - fourth-secret
                  - "fifth secret"
                  - ${env.KEY}
                  - "${token}"
                peers:
                  q: {proxy: 'http://h', apiKey: *key, models: [n]}
                  p: {proxy: 'http://h', apiKey: peer-secret, models: [m]}
                models:
                  a:
                    cmd: svr --token ${env.KEY} ${nope}
                    env:
                      - K=child-secret
                      - "L=other-child-secret ${nope}"
                    ttl: five
                  b: {cmd: x, env: [M=flow-secret, 'N=${nope} last-secret', '${token}'], ttl: 5m}
                """;
        List<String> broken = List.of(
                "  : [",
                "apiKeys: [",
                "\t- x",
                "models: 5",
                "ttl: x",
                "  }",
                "foo: *nope",
                "apiKeys: [a, 'b c'",
                "    apiKey: *key",
                "  - {",
                "    env: A=B",
                "apiKeys: *key",
                "? [a]");
        List<String> lines = secrets.lines().toList();
        for (long seed = 1; seed <= 300; seed++) {
            Dice dice = new Dice(seed);
            List<String> changed = new ArrayList<>(lines);
            changed.add(dice.below(changed.size()), dice.of(broken));
            if (dice.once(2)) {
                changed.add(dice.below(changed.size()), dice.of(broken));
            }
            String text = String.join("\n", changed) + "\n";
            String told =
                    switch (load(text)) {
                        case LoadResult.Refused refused -> refused.errors() + "" + refused.warnings();
                        case LoadResult.Loaded loaded ->
                            loaded.warnings() + ConfigPrinter.json(loaded.config()) + loaded.config();
                    };
            for (String secret : List.of("secret", "first-", "second ", "fifth ")) {
                assertFalse(told.contains(secret), "seed " + seed + " tells " + secret + ":\n" + text + "\n" + told);
            }
        }
    }

    @Test
    void macrosEndAndLeaveNoKnownReference() {
        for (long seed = 1; seed <= 400; seed++) {
            Dice dice = new Dice(seed);
            StringBuilder text = new StringBuilder("macros:\n");
            int count = 1 + dice.below(12);
            for (int i = 0; i < count; i++) {
                text.append("  m")
                        .append(i)
                        .append(": '")
                        .append(references(dice, Math.max(1, i)))
                        .append("'\n");
            }
            text.append("models:\n  a: {proxy: 'http://h', cmd: 'x ")
                    .append(references(dice, count))
                    .append("'}\n");
            if (load(text.toString()) instanceof LoadResult.Loaded loaded) {
                String cmd = loaded.config().models().get("a").cmd();
                assertFalse(cmd.contains("${m"), "seed " + seed + ": " + cmd);
            }
        }
    }

    private static String references(Dice dice, int count) {
        return IntStream.range(0, 1 + dice.below(4))
                .mapToObj(i -> dice.once(3) ? dice.text("ab$ {}", 5) : "${m" + dice.below(count) + "}")
                .collect(Collectors.joining(" "));
    }

    @Test
    void anyArgumentsSurviveQuotingAndSplitting() {
        for (long seed = 1; seed <= 2_000; seed++) {
            Dice dice = new Dice(seed);
            List<String> args = new ArrayList<>(List.of("program"));
            for (int i = dice.below(6); i > 0; i--) {
                args.add(dice.text("abc \t\"$`|#&;*~\u00e9\\", 10));
            }
            String single = args.stream().map(arg -> "'" + arg + "'").collect(Collectors.joining(" "));
            if (!single.endsWith("\\")) {
                assertEquals(args, CommandSplitter.split(single), "seed " + seed);
            }
            String twofold = args.stream()
                    .map(arg -> '"' + arg.replaceAll("([\\\\\"$`])", "\\\\$1") + '"')
                    .collect(Collectors.joining("\t"));
            assertEquals(args, CommandSplitter.split(twofold), "seed " + seed);
            String any = dice.text(JUNK, 40);
            assertTrue(CommandSplitter.split(any).size() <= any.length() + 1, any);
        }
    }

    @Test
    void writtenValuesReadBackTheSame() {
        for (long seed = 1; seed <= 500; seed++) {
            SequencedMap<String, Value> fields = new LinkedHashMap<>();
            Dice dice = new Dice(seed);
            for (int i = 1 + dice.below(4); i > 0; i--) {
                fields.put("k" + i + dice.text("ab :#'\"{", 4), value(dice, 3));
            }
            Value.Fields tree = new Value.Fields(fields);
            assertEquals(tree, Schema.tree(YamlWriter.write(tree)), "as YAML, seed " + seed);
            assertEquals(tree, Schema.tree(tree.toJson()), "as JSON, seed " + seed);
        }
    }

    private static Value value(Dice dice, int depth) {
        return switch (dice.below(depth == 0 ? 5 : 7)) {
            case 0 -> new Value.Text(dice.text("ab 01:-#'\"{}[]&*!|>%@`?,~\n\t\u00e9", 8));
            case 1 -> Value.Whole.of(dice.below(1_000_000) - 500_000);
            case 2 -> new Value.Decimal((dice.below(2_000) - 1_000) / 8.0 + 0.0625);
            case 3 -> new Value.Bool(dice.once(2));
            case 4 -> new Value.Nothing();
            case 5 ->
                new Value.Items(IntStream.range(0, dice.below(4))
                        .mapToObj(i -> value(dice, depth - 1))
                        .toList());
            case 6 -> {
                SequencedMap<String, Value> fields = new LinkedHashMap<>();
                IntStream.range(0, dice.below(4)).forEach(i -> fields.put("f" + i, value(dice, depth - 1)));
                yield new Value.Fields(fields);
            }
            default -> throw new AssertionError();
        };
    }

    @Test
    void bombsAreRefused() {
        assertTimeoutPreemptively(HANG, () -> {
            String deep = "x: " + "[".repeat(100_000) + "]".repeat(100_000);
            assertTold("exceeded max depth", Loads.bad(deep));
            String block = IntStream.range(0, 2_000)
                    .mapToObj(i -> " ".repeat(i) + "a:")
                    .collect(Collectors.joining("\n"));
            assertTold("exceeded max depth", Loads.bad(block));
            String parentheses = "models: {a: {cmd: x, proxy: h}}\nmatrix: {sets: {s: '" + "(".repeat(100_000) + "a"
                    + ")".repeat(100_000) + "'}}";
            assertTold("nested more than 500 deep", Loads.bad(parentheses));
            String chain = IntStream.range(0, 3_000)
                    .mapToObj(i -> "s" + i + ": +s" + (i + 1))
                    .collect(Collectors.joining(", "));
            assertTold(
                    "nested more than 500 deep",
                    Loads.bad("models: {a: {cmd: x, proxy: h}}\nmatrix: {sets: {" + chain + ", s3000: a}}"));
            String many = IntStream.range(0, 40)
                    .mapToObj(i -> "m" + i + ": '" + (i == 0 ? "x".repeat(400_000) : "${m0}${m0}") + "'")
                    .collect(Collectors.joining(", "));
            String uses =
                    IntStream.range(1, 40).mapToObj(i -> "'${m" + i + "}${m0}'").collect(Collectors.joining(", "));
            LoadResult.Refused refused = Loads.bad("macros: {" + many + "}\nx: [" + uses + "]");
            assertTrue(refused.first().message().contains("longer than")
                    || refused.first().message().contains("grows beyond"));
        });
    }

    private static void assertTold(String part, LoadResult.Refused refused) {
        assertTrue(
                refused.first().message().contains(part), () -> refused.first().render());
    }

    @Test
    void aThousandModelsWithAMillionCombinationsLoad() {
        assertTimeoutPreemptively(HANG, () -> {
            String models = IntStream.range(0, 1_000)
                    .mapToObj(i -> "  m" + i + ": {cmd: 'svr --port ${PORT} ${k" + i % 200 + "}'}\n")
                    .collect(Collectors.joining());
            String macros = IntStream.range(0, 200)
                    .mapToObj(i -> "  k" + i + ": v" + i + "\n")
                    .collect(Collectors.joining());
            String set = IntStream.range(0, 6)
                    .mapToObj(g -> IntStream.range(0, 10)
                            .mapToObj(i -> "m" + (g * 10 + i))
                            .collect(Collectors.joining(" | ", "(", ")")))
                    .collect(Collectors.joining(" & "));
            Config config = Loads.good("macros:\n" + macros + "models:\n" + models + "matrix: {sets: {all: '" + set
                    + "'}}\nselectors: {s: {strategy: spillover, targets: [m0, m55]}}\n");
            assertEquals(1_000, config.models().size());
            assertEquals(6_799, config.models().lastEntry().getValue().port().getAsInt());
        });
    }
}
