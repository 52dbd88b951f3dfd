package dev.turntable.whatif;

import dev.turntable.whatif.figures.Assumption;
import dev.turntable.whatif.figures.Figures;
import dev.turntable.whatif.figures.Gains;
import dev.turntable.whatif.figures.Result;
import dev.turntable.whatif.traffic.Micros;
import dev.turntable.whatif.traffic.Times;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A comparison as a table for people. */
final class TextTable {
    private static final int LABEL = 26;
    private static final int COLUMN = 12;
    private static final int PARTS = 12;

    private final Comparison comparison;
    private final List<Result> columns;
    private final StringBuilder text = new StringBuilder();

    private TextTable(Comparison comparison) {
        this.comparison = comparison;
        this.columns = comparison.columns();
    }

    static String of(Comparison comparison) {
        return new TextTable(comparison).write();
    }

    private String write() {
        if (comparison.isPartial()) {
            line("PARTIAL: this was ended before it was done.");
        }
        line("from " + Micros.at(comparison.from()) + " to " + Micros.at(comparison.to()));
        line("");
        heading();
        rows("", columns.stream().map(c -> Optional.of(c.all())).toList());
        parts("model", Result::models);
        parts("client", Result::clients);
        comparison.replayed().ifPresent(replayed -> {
            trust(replayed);
            comparison.candidates().forEach(candidate -> whoGains(replayed, candidate));
        });
        line("");
        line("Assumed (-assume NAME=VALUE overrides what has a name):");
        assumptions().forEach(a -> line("  " + a));
        return text.toString();
    }

    private void line(String words) {
        text.append(words.stripTrailing()).append('\n');
    }

    private void heading() {
        StringBuilder heads = new StringBuilder(" ".repeat(LABEL));
        for (Result column : columns) {
            String name = column.name();
            heads.append(' ')
                    .append(right(
                            name.length() > width(column) ? name.substring(0, width(column)) : name, width(column)));
        }
        line(heads.toString());
    }

    private static int width(Result column) {
        return Math.clamp(column.name().length(), COLUMN, 2 * COLUMN);
    }

    private static String right(String words, int width) {
        return " ".repeat(Math.max(0, width - words.length())) + words;
    }

    private void rows(String indent, List<Optional<Figures>> figures) {
        row(indent + "answered", figures, f -> number(f.answered()), true);
        row(indent + "given up", figures, f -> number(f.givenUp()), indent.isEmpty());
        row(indent + "refused", figures, f -> number(f.refused()), indent.isEmpty());
        row(indent + "cut off", figures, f -> number(f.failed()), false);
        row(indent + "wait p50", figures, f -> Times.text(f.waits().p50()), true);
        row(indent + "wait p95", figures, f -> Times.text(f.waits().p95()), true);
        row(indent + "wait p99", figures, f -> Times.text(f.waits().p99()), indent.isEmpty());
        row(indent + "wait worst", figures, f -> Times.text(f.waits().max()), true);
        row(
                indent + "first byte p50",
                figures,
                f -> f.firstByte().map(q -> Times.text(q.p50())).orElse("-"),
                indent.isEmpty());
        row(
                indent + "first byte p95",
                figures,
                f -> f.firstByte().map(q -> Times.text(q.p95())).orElse("-"),
                indent.isEmpty());
        machine(indent + "swaps", figures, m -> number(m.swaps()));
        machine(indent + "evictions", figures, m -> number(m.evictions()));
        machine(indent + "unloads by TTL", figures, m -> number(m.ttlUnloads()));
        machine(indent + "time spent loading", figures, m -> Times.text(m.loading()));
        machine(indent + "idle in memory", figures, m -> Math.round(m.idleShare() * 100) + " %");
    }

    private void machine(String label, List<Optional<Figures>> figures, Function<Figures.Machine, String> cell) {
        if (figures.stream().flatMap(Optional::stream).anyMatch(f -> f.machine().isPresent())) {
            row(label, figures, f -> f.machine().map(cell).orElse("-"), true);
        }
    }

    /** A row; unless it is wanted always, only where it says more than nought. */
    private void row(String label, List<Optional<Figures>> figures, Function<Figures, String> cell, boolean always) {
        List<String> cells = figures.stream().map(f -> f.map(cell).orElse("-")).toList();
        if (!always && cells.stream().allMatch(c -> c.equals("0") || c.equals("-"))) {
            return;
        }
        StringBuilder row = new StringBuilder("%%-%ds".formatted(LABEL).formatted(label));
        for (int i = 0; i < cells.size(); i++) {
            row.append(' ').append(right(cells.get(i), width(columns.get(i))));
        }
        line(row.toString());
    }

    private void parts(String what, Function<Result, Map<String, Figures>> of) {
        Set<String> names = new TreeSet<>();
        columns.forEach(c -> names.addAll(of.apply(c).keySet()));
        List<String> first = names.stream()
                .sorted((a, b) -> Long.compare(requests(of, b), requests(of, a)))
                .limit(PARTS)
                .toList();
        for (String name : first) {
            line("");
            line(what + " " + name);
            rows(
                    "  ",
                    columns.stream()
                            .map(c -> Optional.ofNullable(of.apply(c).get(name)))
                            .toList());
        }
        if (names.size() > first.size()) {
            line("");
            line("and %d more of each kind: -json and -html have them all".formatted(names.size() - first.size()));
        }
    }

    private long requests(Function<Result, Map<String, Figures>> of, String name) {
        return Optional.ofNullable(of.apply(comparison.recorded()).get(name))
                .map(Figures::requests)
                .orElse(0L);
    }

    private void trust(Result replayed) {
        Figures was = comparison.recorded().all();
        Figures is = replayed.all();
        line("");
        line(
                "Played again as it was, it has %s of the swaps, %s of the answers and %s of the p95 wait on the record: trust the rest so far."
                        .formatted(
                                share(swaps(is), swaps(was)),
                                share(is.answered(), was.answered()),
                                share(is.waits().p95(), was.waits().p95())));
    }

    private static long swaps(Figures figures) {
        return figures.machine().map(Figures.Machine::swaps).orElse(0L);
    }

    private static String share(long is, long was) {
        return was == 0 ? (is == 0 ? "100 %" : "more") : Math.round(100.0 * is / was) + " %";
    }

    private void whoGains(Result before, Result after) {
        line("");
        line(after.name() + ", against replayed: " + change("swaps", swaps(before.all()), swaps(after.all())) + ", "
                + change("answers", before.all().answered(), after.all().answered()) + ", p95 wait "
                + Times.text(before.all().waits().p95()) + " → "
                + Times.text(after.all().waits().p95()));
        Gains gains = Gains.between(before, after);
        line("  better off: " + (gains.better().isEmpty() ? "nobody" : String.join("; ", first(gains.better()))));
        line("  worse off:  " + (gains.worse().isEmpty() ? "nobody" : String.join("; ", first(gains.worse()))));
    }

    private static List<String> first(List<String> all) {
        List<String> some = new ArrayList<>(all.subList(0, Math.min(6, all.size())));
        if (all.size() > some.size()) {
            some.add("and " + (all.size() - some.size()) + " more");
        }
        return some;
    }

    private static String change(String what, long before, long after) {
        return number(before) + " → " + number(after) + " " + what;
    }

    private Set<String> assumptions() {
        Set<String> all = new LinkedHashSet<>();
        for (Result column : columns) {
            for (Assumption assumption : column.assumptions()) {
                all.add(
                        assumption.name().isEmpty()
                                ? assumption.text()
                                : assumption.name() + "=" + assumption.value() + ": " + assumption.text());
            }
        }
        return all;
    }

    static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
