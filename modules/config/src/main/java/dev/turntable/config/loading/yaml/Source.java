package dev.turntable.config.loading.yaml;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file as the user wrote it, before anything was inserted into it; what messages quote.
 *
 * @param name path as given
 * @param raw its text
 * @param inserted length of the text that stands for each environment variable in the text that is parsed
 * @param lines the text's lines
 */
public record Source(String name, String raw, Map<String, Integer> inserted, List<String> lines) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{env\\.([a-zA-Z_][a-zA-Z0-9_]*)}");

    public Source(String name, String raw, Map<String, Integer> inserted) {
        this(name, raw, Map.copyOf(inserted), raw.lines().toList());
    }

    /** The line as written; empty beyond the end. */
    public String line(int number) {
        return number < 1 || number > lines.size() ? "" : lines.get(number - 1);
    }

    /** Where a column of the parsed text stands in the line as written: insertions are taken back. */
    public int writtenColumn(int line, int column) {
        Matcher reference = REFERENCE.matcher(line(line));
        int shrunk = 0;
        while (reference.find()) {
            Integer length = inserted.get(reference.group(1));
            if (length == null) {
                continue;
            }
            int parsedStart = reference.start() + 1 - shrunk;
            if (parsedStart > column) {
                break;
            }
            if (column < parsedStart + length) {
                return reference.start() + 1;
            }
            shrunk += reference.end() - reference.start() - length;
        }
        return column + shrunk;
    }
}
