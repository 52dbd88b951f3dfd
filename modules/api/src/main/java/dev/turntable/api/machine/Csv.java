package dev.turntable.api.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The comma-separated output of vendors' tools: no quoting worth the name, blanks around fields, {@code [N/A]} for unknown. */
final class Csv {
    private Csv() {}

    /** A header row and its rows; columns are found by the beginning of their name, in any case. */
    record Table(List<String> header, List<List<String>> rows) {
        String text(List<String> row, String column) {
            for (int i = 0; i < header.size() && i < row.size(); i++) {
                if (header.get(i).toLowerCase(Locale.ROOT).contains(column)) {
                    return row.get(i);
                }
            }
            return "";
        }

        double number(List<String> row, String column) {
            return Csv.number(text(row, column));
        }
    }

    static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        text.lines().filter(l -> !l.isBlank()).forEach(line -> {
            List<String> fields = new ArrayList<>();
            for (String field : line.split(",", -1)) {
                fields.add(field.strip());
            }
            rows.add(fields);
        });
        return rows;
    }

    static Table table(String text) {
        List<List<String>> rows = rows(text);
        return rows.isEmpty()
                ? new Table(List.of(), List.of())
                : new Table(rows.getFirst(), rows.subList(1, rows.size()));
    }

    /** The number a field begins with; 0 when it begins with none. */
    static double number(String field) {
        int end = 0;
        while (end < field.length() && "+-.0123456789".indexOf(field.charAt(end)) >= 0) {
            end++;
        }
        try {
            return end == 0 ? 0 : Double.parseDouble(field.substring(0, end));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
