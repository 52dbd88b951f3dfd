package dev.turntable.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;

/** The one table: figures as they come in, their medians as they are printed, and whether each target was met. */
final class Report {
    /** The column that targets speak of. */
    static final String OURS = "turntable";

    /** What is wanted of our figure in a row; without the column it is compared with, nothing can be said. */
    private record Target(String text, Optional<String> other, Bound bound) {}

    @FunctionalInterface
    private interface Bound {
        boolean met(double ours, double other);
    }

    private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();
    private final Map<String, List<Target>> targets = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> columns;

    Report(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    void add(String row, String column, double figure) {
        rows.computeIfAbsent(row, _ -> new LinkedHashMap<>())
                .computeIfAbsent(column, _ -> new ArrayList<>())
                .add(figure);
    }

    /** A target that our figure meets or not by itself. */
    void want(String row, String text, DoublePredicate bound) {
        want(row, new Target(text, Optional.empty(), (ours, _) -> bound.test(ours)));
    }

    void wantAtMost(String row, double limit) {
        want(row, "≤ " + number(limit), ours -> ours <= limit);
    }

    void wantAtLeast(String row, double limit) {
        want(row, "≥ " + number(limit), ours -> ours >= limit);
    }

    /** At least so many times the figure of another column. */
    void wantTimes(String row, double factor, String other) {
        String text = "≥ " + number(factor) + " × " + other;
        want(row, new Target(text, Optional.of(other), (ours, theirs) -> ours >= factor * theirs));
    }

    /** At most so many times the figure of another column, and so much more. */
    void wantWithin(String row, double factor, double more, String other) {
        String text =
                "≤ " + (factor == 1 ? "" : number(factor) + " × ") + other + (more == 0 ? "" : " + " + number(more));
        want(row, new Target(text, Optional.of(other), (ours, theirs) -> ours <= factor * theirs + more));
    }

    private void want(String row, Target target) {
        targets.computeIfAbsent(row, _ -> new ArrayList<>()).add(target);
    }

    void note(String line) {
        if (!notes.contains(line)) {
            notes.add(line);
        }
    }

    double median(String row, String column) {
        return Quantiles.median(rows.getOrDefault(row, Map.of()).getOrDefault(column, List.of()));
    }

    private Optional<Boolean> met(String row, Target target) {
        double ours = median(row, OURS);
        double other = target.other.map(column -> median(row, column)).orElse(0.0);
        return Double.isNaN(ours) || Double.isNaN(other)
                ? Optional.empty()
                : Optional.of(target.bound.met(ours, other));
    }

    String text() {
        var text = new StringBuilder("| median | " + String.join(" | ", columns) + " | wanted |\n|---|");
        text.append("---:|".repeat(columns.size())).append("---|\n");
        rows.forEach((row, figures) -> {
            text.append("| ").append(row);
            for (String column : columns) {
                text.append(" | ").append(figures.containsKey(column) ? number(median(row, column)) : "");
            }
            text.append(" | ").append(wanted(row)).append(" |\n");
        });
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private String wanted(String row) {
        List<String> all = new ArrayList<>();
        for (Target target : targets.getOrDefault(row, List.of())) {
            String verdict =
                    met(row, target).map(met -> met ? ": met" : ": **missed**").orElse("");
            all.add(target.text + verdict);
        }
        return String.join("; ", all);
    }

    private ObjectNode json() {
        ObjectNode all = new ObjectMapper().createObjectNode();
        rows.forEach((row, figures) -> {
            ObjectNode node = all.withObject("/rows").putObject(row);
            figures.forEach((column, values) -> {
                ObjectNode cell = node.putObject(column);
                cell.put("median", median(row, column));
                values.forEach(cell.withArray("rounds")::add);
            });
            for (Target target : targets.getOrDefault(row, List.of())) {
                ObjectNode wanted = node.withArray("wanted").addObject().put("text", target.text);
                met(row, target).ifPresent(met -> wanted.put("met", met));
            }
        });
        notes.forEach(all.withArray("notes")::add);
        return all;
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1000) {
            return "%.0f".formatted(value);
        }
        if (Math.abs(value) >= 1000) {
            return "%,.0f".formatted(value);
        }
        return Math.abs(value) >= 100 ? "%.0f".formatted(value) : "%.2f".formatted(value);
    }

    /** Writes the table as Markdown and as JSON. */
    void save(Path folder) throws IOException {
        Files.writeString(folder.resolve("table.md"), text());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("table.json").toFile(), json());
    }
}
