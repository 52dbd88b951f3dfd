package dev.turntable.history;

import dev.turntable.event.ModelId;
import dev.turntable.fsm.Berth;
import dev.turntable.fsm.Waiter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers as a person reads them in a terminal. */
final class FolderText {
    private FolderText() {}

    static String line(ShownEvent event) {
        Links links = event.links();
        String about = Stream.of(links.run().<Object>map(run -> run).or(links::model), links.swap(), links.request())
                .flatMap(Optional::stream)
                .map(Object::toString)
                .collect(Collectors.joining(" "));
        return String.format(
                Locale.ROOT,
                "%s  %-9s %-22s %-28s %s",
                event.time(),
                event.id(),
                event.event().type(),
                about,
                event.data());
    }

    static String line(Swap swap) {
        String evicted = swap.evicted().stream().map(run -> run.model().value()).collect(Collectors.joining(","));
        return String.format(
                Locale.ROOT,
                "%s  %-7s %-24s %-11s %-10s evicted %-20s waited %d%s",
                swap.asked(),
                swap.id(),
                swap.run(),
                swap.outcome(),
                total(swap),
                evicted.isEmpty() ? "nobody" : evicted,
                swap.waiting(),
                swap.detail().map(text -> "  " + text).orElse(""));
    }

    private static String total(Swap swap) {
        return swap.step("first_byte")
                .or(() -> swap.step("ended"))
                .map(step -> ms(swap, step))
                .orElse("");
    }

    private static String ms(Swap swap, Swap.Step step) {
        return String.format(
                Locale.ROOT,
                "%.1f ms",
                Duration.between(swap.asked(), step.at()).toNanos() / 1e6);
    }

    static String timeline(Swap swap) {
        StringBuilder text = new StringBuilder(line(swap)).append('\n');
        for (Swap.Step step : swap.steps()) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %12s  %s%s%n",
                    ms(swap, step),
                    step.name(),
                    step.run().map(run -> " " + run).orElse("")));
        }
        for (Swap.Waiter waiter : swap.waiters()) {
            String behind = waiter.behind().stream().map(ModelId::value).collect(Collectors.joining(", "));
            text.append("  waited: ")
                    .append(waiter.request())
                    .append(behind.isEmpty() ? "" : ", queued behind " + behind)
                    .append('\n');
        }
        return text.toString();
    }

    static String table(Moment moment) {
        StringBuilder text = new StringBuilder();
        text.append("after commit ")
                .append(moment.seq())
                .append(", ")
                .append(moment.time())
                .append('\n');
        for (Berth berth : moment.yard().berths()) {
            String run = berth.run()
                    .map(r -> r.id() + ", " + r.leases() + (r.leases() == 1 ? " lease" : " leases"))
                    .orElse("");
            text.append(String.format(
                    Locale.ROOT,
                    "  %-24s %-9s %s%n",
                    berth.model(),
                    moment.yard().state(berth.model()).wire(),
                    run));
        }
        int position = 0;
        for (Waiter waiter : moment.yard().queue()) {
            String who =
                    waiter.request().map(Object::toString).orElse(waiter.by().value());
            text.append("  queue #")
                    .append(++position)
                    .append(": ")
                    .append(who)
                    .append(" for ")
                    .append(waiter.model())
                    .append('\n');
        }
        return text.append("state hash ")
                .append(moment.stateHash())
                .append('\n')
                .toString();
    }
}
