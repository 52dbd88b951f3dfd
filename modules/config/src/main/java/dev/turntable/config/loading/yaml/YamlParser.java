package dev.turntable.config.loading.yaml;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads the first document of a text into a tree; later documents are not looked at (llama-swap §2.1). */
public final class YamlParser {
    /** Longest text that is read, in characters; a configuration of a thousand models has about 300,000. */
    public static final int MAX_CHARACTERS = 8 << 20;

    /** Places after a colon that may need {@link Tabs}; beyond that the file is refused. */
    private static final int MAX_TAB_REPAIRS = 200;

    private YamlParser() {}

    /**
     * What was read.
     *
     * @param root empty for an empty or comment-only text
     * @param broken rules that the content breaks although the text is well formed
     */
    public record Parsed(Optional<Node> root, List<YamlException> broken) {}

    /**
     * Parses.
     *
     * @param source what positions refer to
     * @param text the text to parse: the source's, with insertions made
     * @throws YamlException when it is not YAML
     */
    public static Parsed parse(Source source, String text) {
        String current = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (current.length() > MAX_CHARACTERS) {
            throw new YamlException(
                    "the file is longer than " + MAX_CHARACTERS + " characters", new Pos(source, 1, 1, 1, 1), true);
        }
        for (int repairs = 0; ; repairs++) {
            TreeBuilder builder = new TreeBuilder(source, parser(current));
            try {
                return builder.build();
            } catch (MarkedYamlEngineException e) {
                String repaired = repairs < MAX_TAB_REPAIRS ? withoutTab(current, e, builder.flowDepth()) : current;
                if (repaired.equals(current)) {
                    throw Problem.of(source, e);
                }
                current = repaired;
            } catch (ReaderException e) {
                throw Problem.of(source, current, e);
            } catch (YamlEngineException e) {
                throw new YamlException("yaml: " + e.getMessage(), new Pos(source, 1, 1, 1, 1), true);
            }
        }
    }

    private static ParserImpl parser(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setAllowDuplicateKeys(true)
                .build();
        return new ParserImpl(settings, new StreamReader(settings, text));
    }

    private static String withoutTab(String text, MarkedYamlEngineException e, int flowDepth) {
        if (e.getProblemMark().isEmpty() || !e.getProblem().contains("(TAB)")) {
            return text;
        }
        int at = text.offsetByCodePoints(0, e.getProblemMark().get().getIndex());
        return at < text.length() && text.charAt(at) == '\t' ? Tabs.forgive(text, at, flowDepth) : text;
    }
}
