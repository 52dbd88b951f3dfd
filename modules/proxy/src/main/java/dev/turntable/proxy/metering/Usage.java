package dev.turntable.proxy.metering;

import dev.turntable.event.Tokens;
import dev.turntable.json.JsonTree;
import java.time.Duration;
import java.util.Optional;

/** Adds up what an answer says of its tokens: OpenAI and Anthropic usage, llama.cpp timings, vLLM metrics (llama-swap §8.3). */
public final class Usage {
    private static final String[] KNOWN = {"prompt_tokens", "input_tokens", "completion_tokens", "output_tokens"};

    private boolean reported;
    private long input;
    private long output;
    private long cached = -1;
    private Optional<JsonTree> timings = Optional.empty();
    private Optional<JsonTree> metrics = Optional.empty();

    /** The usage of an answer in one piece; whatever it is, something was reported. */
    void whole(JsonTree usage) {
        reported = true;
        input = inputOf(usage).map(JsonTree::whole).orElse(0L);
        output = outputOf(usage).map(JsonTree::whole).orElse(0L);
        cached = cachedOf(usage).orElse(-1L);
    }

    /** A usage object of a stream: positive values win over earlier ones. */
    void part(JsonTree usage) {
        boolean known = cachedOf(usage).isPresent();
        for (String name : KNOWN) {
            known |= usage.at(name).isPresent();
        }
        if (!known) {
            return;
        }
        reported = true;
        inputOf(usage).map(JsonTree::whole).filter(n -> n > 0).ifPresent(n -> input = n);
        outputOf(usage).map(JsonTree::whole).filter(n -> n > 0).ifPresent(n -> output = n);
        cachedOf(usage).filter(n -> n >= 0).ifPresent(n -> cached = n);
    }

    void timings(JsonTree found) {
        reported = true;
        timings = Optional.of(found);
    }

    void metrics(JsonTree found) {
        reported = true;
        metrics = Optional.of(found);
    }

    /** Everything one event of a stream may hold. */
    void event(JsonTree event) {
        event.at("usage").ifPresent(this::part);
        event.at("response", "usage").ifPresent(this::part);
        event.at("message", "usage").ifPresent(this::part);
        event.at("timings").filter(t -> t instanceof JsonTree.Fields).ifPresent(this::timings);
        event.at("metrics").filter(m -> m instanceof JsonTree.Fields).ifPresent(this::metrics);
    }

    private static Optional<JsonTree> inputOf(JsonTree usage) {
        return usage.at("prompt_tokens").or(() -> usage.at("input_tokens"));
    }

    private static Optional<JsonTree> outputOf(JsonTree usage) {
        return usage.at("completion_tokens").or(() -> usage.at("output_tokens"));
    }

    private static Optional<Long> cachedOf(JsonTree usage) {
        return usage.at("cache_read_input_tokens")
                .or(() -> usage.at("input_tokens_details", "cached_tokens"))
                .or(() -> usage.at("prompt_tokens_details", "cached_tokens"))
                .map(JsonTree::whole);
    }

    /** The totals; zeros when nothing was reported, -1 for what was not among it. */
    public Tokens tokens() {
        if (!reported) {
            return Tokens.NONE;
        }
        long in = input;
        long out = output;
        long cache = cached;
        long drafted = -1;
        long accepted = -1;
        double promptRate = -1;
        double rate = -1;
        if (timings.isPresent()) {
            JsonTree t = timings.get();
            in = whole(t, "prompt_n");
            out = whole(t, "predicted_n");
            promptRate = number(t, "prompt_per_second");
            rate = number(t, "predicted_per_second");
            cache = t.at("cache_n").map(JsonTree::whole).orElse(cache);
            if (t.at("draft_n").isPresent() && t.at("draft_n_accepted").isPresent()) {
                drafted = whole(t, "draft_n");
                accepted = whole(t, "draft_n_accepted");
            }
        }
        if (metrics.isPresent()) {
            JsonTree m = metrics.get();
            Optional<JsonTree> drafts = m.at("speculative_decoding", "num_draft_tokens");
            Optional<JsonTree> taken = m.at("speculative_decoding", "num_accepted_draft_tokens");
            if (drafts.isPresent() && taken.isPresent()) {
                drafted = drafts.get().whole();
                accepted = taken.get().whole();
            }
            double firstMillis = number(m, "time_to_first_token_ms");
            if (firstMillis > 0) {
                promptRate = (in - Math.max(cache, 0)) / (firstMillis / 1000);
            }
            double betweenMillis = number(m, "mean_itl_ms");
            if (betweenMillis > 0) {
                rate = 1000 / betweenMillis;
            }
        }
        return new Tokens(in, out, cache, drafted, accepted, promptRate, rate);
    }

    /** The time llama.cpp says it took; zero when it does not. */
    Duration measured() {
        double millis = timings.map(t -> number(t, "prompt_ms") + number(t, "predicted_ms"))
                .orElse(0.0);
        return Duration.ofMillis((long) millis);
    }

    private static long whole(JsonTree tree, String name) {
        return tree.at(name).map(JsonTree::whole).orElse(0L);
    }

    private static double number(JsonTree tree, String name) {
        return tree.at(name).map(JsonTree::number).orElse(0.0);
    }
}
