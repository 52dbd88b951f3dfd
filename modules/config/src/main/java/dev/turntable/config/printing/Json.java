package dev.turntable.config.printing;

import dev.turntable.config.Value;
import dev.turntable.config.compat.Numbers;
import dev.turntable.json.JsonText;
import java.util.Map;

/** Writes {@link Value}s as JSON text; this room has no JSON library, and needs only this direction. */
public final class Json {
    private final StringBuilder out = new StringBuilder();
    private final String step;

    private Json(String step) {
        this.step = step;
    }

    /** On one line. */
    public static String of(Value value) {
        Json json = new Json("");
        json.write(value, 0);
        return json.out.toString();
    }

    /** Indented by two spaces a level, with a newline at the end. */
    public static String pretty(Value value) {
        Json json = new Json("  ");
        json.write(value, 0);
        return json.out.append('\n').toString();
    }

    private void write(Value value, int depth) {
        switch (value) {
            case Value.Text text -> out.append(JsonText.quote(text.text()));
            case Value.Whole whole -> out.append(whole.number());
            case Value.Decimal decimal -> out.append(Numbers.json(decimal.number()));
            case Value.Bool bool -> out.append(bool.yes());
            case Value.Nothing ignored -> out.append("null");
            case Value.Items items -> {
                out.append('[');
                String comma = "";
                for (Value item : items.items()) {
                    out.append(comma);
                    line(depth + 1);
                    write(item, depth + 1);
                    comma = ",";
                }
                close(items.items().isEmpty(), depth, ']');
            }
            case Value.Fields fields -> {
                out.append('{');
                String comma = "";
                for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
                    out.append(comma);
                    line(depth + 1);
                    out.append(JsonText.quote(field.getKey()));
                    out.append(step.isEmpty() ? ":" : ": ");
                    write(field.getValue(), depth + 1);
                    comma = ",";
                }
                close(fields.isEmpty(), depth, '}');
            }
        }
    }

    private void close(boolean empty, int depth, char bracket) {
        if (!empty) {
            line(depth);
        }
        out.append(bracket);
    }

    private void line(int depth) {
        if (!step.isEmpty()) {
            out.append('\n').append(step.repeat(depth));
        }
    }
}
