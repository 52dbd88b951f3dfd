package dev.turntable.api;

import java.util.Arrays;
import java.util.List;

/** Text in Prometheus' exposition format, version 0.0.4: families with their help and type, then samples with labels. */
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder(4_096);

    /** Opens a family; samples follow. */
    Exposition family(String name, String type, String help) {
        out.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** One sample; {@code labels} are names and values in turn. */
    Exposition sample(String name, String value, String... labels) {
        return sample(name, value, Arrays.asList(labels));
    }

    Exposition sample(String name, String value, List<String> labels) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{');
            for (int i = 0; i < labels.size(); i += 2) {
                out.append(i == 0 ? "" : ",").append(labels.get(i)).append("=\"");
                out.append(escape(labels.get(i + 1))).append('"');
            }
            out.append('}');
        }
        out.append(' ').append(value).append('\n');
        return this;
    }

    Exposition sample(String name, double value, String... labels) {
        return sample(name, Numbers.shortest(value), labels);
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    boolean isEmpty() {
        return out.isEmpty();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
