package dev.turntable.whatif;

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

/** A comparison as one page with its charts, which needs nothing but a browser. */
final class HtmlPage {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>What if</title><style>
            :root{color-scheme:light dark}
            body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
            table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
            th,td{text-align:right;padding:.2rem .6rem;border-bottom:1px solid #8884}
            th:first-child,td:first-child{text-align:left}
            svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:currentColor}
            .partial{color:#b00;font-weight:bold}
            </style></head><body><h1>What if</h1>
            """;
    private static final String[] COLOURS = {"#888", "#59c", "#2a7", "#e90", "#c4c", "#d55", "#5aa", "#996"};

    private final Comparison comparison;
    private final List<Result> columns;
    private final StringBuilder html = new StringBuilder(HEAD);

    private HtmlPage(Comparison comparison) {
        this.comparison = comparison;
        this.columns = comparison.columns();
    }

    static String of(Comparison comparison) {
        return new HtmlPage(comparison).write();
    }

    private String write() {
        if (comparison.isPartial()) {
            html.append("<p class=\"partial\">Partial: this was ended before it was done.</p>\n");
        }
        html.append("<p>")
                .append(Micros.at(comparison.from()))
                .append(" to ")
                .append(Micros.at(comparison.to()))
                .append("</p>\n");
        chart("Wait for a place, p95", f -> f.waits().p95() / 1e3, "ms");
        chart("Wait for a place, worst", f -> f.waits().max() / 1e3, "ms");
        chart("Swaps", f -> f.machine().map(m -> (double) m.swaps()).orElse(0.0), "");
        chart("Time spent loading", f -> f.machine().map(m -> m.loading() / 1e6).orElse(0.0), "s");
        table("All", columns.stream().map(c -> Optional.of(c.all())).toList());
        parts("Model", Result::models);
        parts("Client", Result::clients);
        gains();
        html.append("<h2>Assumed</h2><ul>\n");
        Set<String> said = new LinkedHashSet<>();
        columns.forEach(c -> c.assumptions()
                .forEach(a ->
                        said.add((a.name().isEmpty() ? "" : "<b>" + safe(a.name()) + " = " + safe(a.value()) + "</b>: ")
                                + safe(a.text()))));
        said.forEach(s -> html.append("<li>").append(s).append("</li>\n"));
        return html.append("</ul></body></html>\n").toString();
    }

    private void chart(String title, Function<Figures, Double> value, String unit) {
        double most =
                columns.stream().mapToDouble(c -> value.apply(c.all())).max().orElse(0);
        html.append("<h3>")
                .append(title)
                .append("</h3><svg viewBox=\"0 0 900 ")
                .append(columns.size() * 24 + 4)
                .append("\" role=\"img\">\n");
        for (int i = 0; i < columns.size(); i++) {
            double v = value.apply(columns.get(i).all());
            double width = most == 0 ? 0 : 560 * v / most;
            html.append(String.format(
                    Locale.ROOT,
                    "<text x=\"0\" y=\"%d\">%s</text><rect x=\"200\" y=\"%d\" width=\"%.1f\" height=\"16\" fill=\"%s\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%,.1f %s</text>%n",
                    i * 24 + 16,
                    safe(shortened(columns.get(i).name())),
                    i * 24 + 3,
                    width,
                    COLOURS[i % COLOURS.length],
                    208 + width,
                    i * 24 + 16,
                    v,
                    unit));
        }
        html.append("</svg>\n");
    }

    private static String shortened(String name) {
        return name.length() > 28 ? name.substring(0, 27) + "…" : name;
    }

    private void parts(String what, Function<Result, Map<String, Figures>> of) {
        Set<String> names = new TreeSet<>();
        columns.forEach(c -> names.addAll(of.apply(c).keySet()));
        for (String name : names) {
            table(
                    what + " " + name,
                    columns.stream()
                            .map(c -> Optional.ofNullable(of.apply(c).get(name)))
                            .toList());
        }
    }

    private void table(String title, List<Optional<Figures>> figures) {
        html.append("<h3>").append(safe(title)).append("</h3><table><tr><th></th>");
        columns.forEach(c -> html.append("<th>").append(safe(c.name())).append("</th>"));
        html.append("</tr>\n");
        row("answered", figures, f -> TextTable.number(f.answered()));
        row("given up", figures, f -> TextTable.number(f.givenUp()));
        row("refused", figures, f -> TextTable.number(f.refused()));
        row("cut off", figures, f -> TextTable.number(f.failed()));
        row("wait p50", figures, f -> Times.text(f.waits().p50()));
        row("wait p95", figures, f -> Times.text(f.waits().p95()));
        row("wait p99", figures, f -> Times.text(f.waits().p99()));
        row("wait worst", figures, f -> Times.text(f.waits().max()));
        row("first byte p95", figures, f -> f.firstByte()
                .map(q -> Times.text(q.p95()))
                .orElse("-"));
        if (figures.stream().flatMap(Optional::stream).anyMatch(f -> f.machine().isPresent())) {
            machine("swaps", figures, m -> TextTable.number(m.swaps()));
            machine("evictions", figures, m -> TextTable.number(m.evictions()));
            machine("unloads by TTL", figures, m -> TextTable.number(m.ttlUnloads()));
            machine("time spent loading", figures, m -> Times.text(m.loading()));
            machine("idle in memory", figures, m -> Math.round(m.idleShare() * 100) + " %");
        }
        html.append("</table>\n");
    }

    private void machine(String label, List<Optional<Figures>> figures, Function<Figures.Machine, String> cell) {
        row(label, figures, f -> f.machine().map(cell).orElse("-"));
    }

    private void row(String label, List<Optional<Figures>> figures, Function<Figures, String> cell) {
        html.append("<tr><td>").append(label).append("</td>");
        figures.forEach(f -> html.append("<td>").append(f.map(cell).orElse("-")).append("</td>"));
        html.append("</tr>\n");
    }

    private void gains() {
        comparison.replayed().ifPresent(before -> comparison.candidates().forEach(after -> {
            Gains gains = Gains.between(before, after);
            html.append("<h2>").append(safe(after.name())).append("</h2><ul>\n");
            List<String> said = new ArrayList<>();
            gains.better().forEach(g -> said.add("better off: " + g));
            gains.worse().forEach(g -> said.add("worse off: " + g));
            (said.isEmpty() ? List.of("nobody is better off or worse") : said)
                    .forEach(g -> html.append("<li>").append(safe(g)).append("</li>\n"));
            html.append("</ul>\n");
        }));
    }

    private static String safe(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
