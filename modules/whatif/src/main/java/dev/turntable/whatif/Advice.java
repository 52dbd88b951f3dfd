package dev.turntable.whatif;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.whatif.figures.Figures;
import dev.turntable.whatif.figures.Result;
import dev.turntable.whatif.traffic.Micros;
import dev.turntable.whatif.traffic.Times;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The few changes that would have paid, the best first, each with what it would have saved and the lines to paste. */
public final class Advice {
    private static final int FEW = 5;
    /** Less than that is not worth a change, and may be chance. */
    private static final double PAYS = 0.1;

    private static final double HURTS = 0.05;
    private static final long LEAST = 1_000_000;

    private final Recorded recorded;
    private final Result base;
    private final List<Hint> hints;
    private final boolean partial;

    private record Hint(Idea idea, Result result, long saved) {}

    private Advice(Recorded recorded, Result base, List<Hint> hints, boolean partial) {
        this.recorded = recorded;
        this.base = base;
        this.hints = hints;
        this.partial = partial;
    }

    static Advice of(Recorded recorded, Result base, List<Idea> ideas, List<Result> results) {
        List<Hint> hints = new ArrayList<>();
        for (int i = 0; i < ideas.size(); i++) {
            Result result = results.get(i);
            if (!result.partial() && pays(base.all(), result.all())) {
                hints.add(new Hint(ideas.get(i), result, waiting(base.all()) - waiting(result.all())));
            }
        }
        hints.sort(Comparator.comparingLong(Hint::saved).reversed());
        boolean partial = base.partial() || results.stream().anyMatch(Result::partial);
        return new Advice(recorded, base, hints.subList(0, Math.min(FEW, hints.size())), partial);
    }

    /** All waits together. */
    private static long waiting(Figures figures) {
        return figures.waits().mean() * (figures.answered() + figures.givenUp());
    }

    private static boolean pays(Figures before, Figures after) {
        long saved = waiting(before) - waiting(after);
        boolean nobodyLost = after.answered() >= before.answered() * 0.99;
        boolean noWorse = after.waits().p95() <= before.waits().p95() * (1 + HURTS) + 50_000;
        return nobodyLost && noWorse && saved >= Math.max(LEAST, waiting(before) * PAYS);
    }

    /** It was ended before everything was tried. */
    public boolean isPartial() {
        return partial;
    }

    /** For people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (partial) {
            text.append("PARTIAL: this was ended before everything was tried.\n");
        }
        text.append("from ").append(Micros.at(recorded.from())).append(" to ").append(Micros.at(recorded.to()));
        text.append(": ").append(TextTable.number(base.all().requests())).append(" requests, ");
        text.append(Times.text(waiting(base.all()))).append(" of waiting in all\n");
        if (hints.isEmpty()) {
            text.append("\nNothing that was tried would have helped.\n");
        }
        int number = 0;
        for (Hint hint : hints) {
            Figures was = base.all();
            Figures is = hint.result.all();
            text.append("\n%d. %s\n".formatted(++number, hint.idea.title()));
            text.append("   swaps %d → %d, waiting %s → %s in all, p95 wait %s → %s, loading %s → %s\n\n"
                    .formatted(
                            was.machine().orElseThrow().swaps(),
                            is.machine().orElseThrow().swaps(),
                            Times.text(waiting(was)),
                            Times.text(waiting(is)),
                            Times.text(was.waits().p95()),
                            Times.text(is.waits().p95()),
                            Times.text(was.machine().orElseThrow().loading()),
                            Times.text(is.machine().orElseThrow().loading())));
            hint.idea.yaml().lines().forEach(line -> text.append("       ")
                    .append(line)
                    .append('\n'));
        }
        if (!hints.isEmpty()) {
            text.append(
                    "\nEach is predicted by itself; turntable whatif -set shows one whole, with what it assumes.\n");
        }
        return text.toString();
    }

    /** For tools. */
    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("from", Micros.at(recorded.from()).toString());
            out.writeStringField("to", Micros.at(recorded.to()).toString());
            if (partial) {
                out.writeBooleanField("partial", true);
            }
            out.writeObjectFieldStart("replayed");
            base.write(out);
            out.writeEndObject();
            out.writeArrayFieldStart("advice");
            for (Hint hint : hints) {
                out.writeStartObject();
                out.writeStringField("name", hint.idea.title());
                out.writeStringField("yaml", hint.idea.yaml());
                out.writeNumberField("waiting_saved_seconds", Micros.seconds(hint.saved));
                hint.result.write(out);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }
}
