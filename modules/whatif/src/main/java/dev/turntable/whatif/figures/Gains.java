package dev.turntable.whatif.figures;

import dev.turntable.whatif.traffic.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who is better off and who is worse, and by how much: clients and models, those with most requests first. */
public record Gains(List<String> better, List<String> worse) {
    /** Smaller differences are noise. */
    private static final double SHARE = 0.1;

    private static final long LEAST = 50_000;

    public static Gains between(Result before, Result after) {
        Gains gains = new Gains(new ArrayList<>(), new ArrayList<>());
        gains.compare("client", before.clients(), after.clients());
        gains.compare("model", before.models(), after.models());
        return gains;
    }

    private void compare(String what, Map<String, Figures> before, Map<String, Figures> after) {
        before.entrySet().stream()
                .sorted((a, b) ->
                        Long.compare(b.getValue().requests(), a.getValue().requests()))
                .filter(e -> after.containsKey(e.getKey()))
                .forEach(e -> compare(what + " " + e.getKey(), e.getValue(), after.get(e.getKey())));
    }

    private void compare(String name, Figures before, Figures after) {
        long was = before.waits().p95();
        long is = after.waits().p95();
        boolean waits = Math.abs(is - was) > Math.max(LEAST, was * SHARE);
        long lost = after.givenUp() + after.refused() - before.givenUp() - before.refused();
        boolean losses = Math.abs(lost) > before.requests() * 0.01;
        if (!waits && !losses) {
            return;
        }
        StringBuilder said = new StringBuilder(name).append(" (");
        if (waits) {
            said.append("p95 wait ").append(Times.text(was)).append(" → ").append(Times.text(is));
        }
        if (losses) {
            said.append(waits ? ", " : "")
                    .append(Math.abs(lost))
                    .append(lost < 0 ? " fewer" : " more")
                    .append(" unanswered");
        }
        boolean isBetter = losses ? lost < 0 : is < was;
        (isBetter ? better : worse).add(said.append(')').toString());
    }
}
