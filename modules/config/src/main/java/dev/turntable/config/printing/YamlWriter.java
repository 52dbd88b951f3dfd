package dev.turntable.config.printing;

import dev.turntable.config.Value;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes {@link Value}s as YAML that every reader, ours included, takes for the same values. */
public final class YamlWriter {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/_][A-Za-z0-9 _./+@()-]*(?<! )");
    private static final Pattern WORD = Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    public static String write(Value value) {
        YamlWriter writer = new YamlWriter();
        writer.block(value, 0);
        return writer.out.toString();
    }

    private void block(Value value, int depth) {
        if (value instanceof Value.Fields fields && !fields.isEmpty()) {
            for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
                out.append("  ".repeat(depth)).append(scalar(field.getKey())).append(':');
                child(field.getValue(), depth);
            }
        } else if (value instanceof Value.Items items && !items.items().isEmpty()) {
            for (Value item : items.items()) {
                out.append("  ".repeat(depth)).append('-');
                child(item, depth);
            }
        } else {
            out.append(inline(value)).append('\n');
        }
    }

    private void child(Value value, int depth) {
        boolean nested = value instanceof Value.Fields fields && !fields.isEmpty()
                || value instanceof Value.Items items && !items.items().isEmpty();
        out.append(nested ? "\n" : " ");
        block(value, nested ? depth + 1 : 0);
    }

    private static String inline(Value value) {
        return value instanceof Value.Text text ? scalar(text.text()) : value.toJson();
    }

    private static String scalar(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !WORD.matcher(text).matches();
        return plain ? text : new Value.Text(text).toJson();
    }
}
