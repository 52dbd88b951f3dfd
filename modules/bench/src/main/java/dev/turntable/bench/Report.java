package dev.turntable.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The one table: figures as they come in, their medians as they are printed. */
final class Report {
    private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();
    private final Map<String, String> targets = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> columns;

    Report(String... columns) {
        this.columns = List.of(columns);
    }

    void add(String row, String column, double figure) {
        rows.computeIfAbsent(row, _ -> new LinkedHashMap<>())
                .computeIfAbsent(column, _ -> new ArrayList<>())
                .add(figure);
    }

    /** What is wanted of a row, printed beside it. */
    void target(String row, String wanted) {
        targets.put(row, wanted);
    }

    void note(String line) {
        if (!notes.contains(line)) {
            notes.add(line);
        }
    }

    double median(String row, String column) {
        return Quantiles.median(rows.getOrDefault(row, Map.of()).getOrDefault(column, List.of()));
    }

    String text() {
        var text = new StringBuilder("| median | " + String.join(" | ", columns) + " | wanted |\n|---|");
        text.append("---:|".repeat(columns.size())).append("---|\n");
        rows.forEach((row, figures) -> {
            text.append("| ").append(row);
            for (String column : columns) {
                text.append(" | ").append(figures.containsKey(column) ? figure(median(row, column)) : "");
            }
            text.append(" | ").append(targets.getOrDefault(row, "")).append(" |\n");
        });
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private static String figure(double value) {
        if (Math.abs(value) >= 1000) {
            return "%,.0f".formatted(value);
        }
        return Math.abs(value) >= 100 ? "%.0f".formatted(value) : "%.2f".formatted(value);
    }

    void save(Path file) throws IOException {
        Files.writeString(file, text());
    }
}
