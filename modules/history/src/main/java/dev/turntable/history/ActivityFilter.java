package dev.turntable.history;

import dev.turntable.event.Outcome;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which activity rows, in which order (llama-swap §8.6).
 *
 * @param models any of these; all when empty
 * @param outcomes any of these; all when empty (ours)
 * @param path a part of it, in any case; all when empty (ours)
 * @param request this one only (ours)
 * @param start inclusive, whole seconds
 * @param end inclusive, whole seconds
 * @param limit rows a page, 1..999
 * @param page from 1
 */
public record ActivityFilter(
        List<String> models,
        Set<Outcome> outcomes,
        String path,
        Optional<String> request,
        Optional<Instant> start,
        Optional<Instant> end,
        long minId,
        long maxId,
        int limit,
        long page,
        Sort sort,
        boolean descending) {
    public static final int DEFAULT_LIMIT = 25;
    public static final int MAX_LIMIT = 999;

    private static final String RFC3339 = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)";

    public ActivityFilter {
        models = List.copyOf(models);
        outcomes = Set.copyOf(outcomes);
    }

    /** A column to sort by; the constant's name in lower case is the word in the query. */
    public enum Sort {
        ID(Comparator.comparing(ActivityRow::id)),
        TIME(Comparator.comparing(ActivityRow::timestamp)),
        MODEL(Comparator.comparing(ActivityRow::model)),
        REQ_PATH(Comparator.comparing(ActivityRow::path)),
        RESP_STATUS_CODE(Comparator.comparing(ActivityRow::status)),
        RESP_CONTENT_TYPE(Comparator.comparing(ActivityRow::contentType)),
        CACHED(Comparator.comparing(row -> row.tokens().cached())),
        PROMPT(Comparator.comparing(row -> row.tokens().input())),
        GENERATED(Comparator.comparing(row -> row.tokens().output())),
        DRAFTED(Comparator.comparing(row -> row.tokens().drafted())),
        PROMPT_SPEED(Comparator.comparing(row -> row.tokens().promptPerSecond())),
        GEN_SPEED(Comparator.comparing(row -> row.tokens().tokensPerSecond())),
        DURATION(Comparator.comparing(ActivityRow::durationMs));

        private final Comparator<ActivityRow> order;

        Sort(Comparator<ActivityRow> order) {
            this.order = order.thenComparing(ActivityRow::id);
        }

        private static Sort named(String word) {
            for (Sort sort : values()) {
                if (sort.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return sort;
                }
            }
            throw HistoryFilter.bad("invalid sort column");
        }
    }

    /** Reads query parameters; empty ones count as not given. Throws {@link HistoryException} with the words of llama-swap. */
    public static ActivityFilter parse(Map<String, List<String>> parameters) {
        List<String> models = parameters.getOrDefault("model", List.of()).stream()
                .map(String::strip)
                .filter(model -> !model.isEmpty())
                .toList();
        Optional<Instant> start = one(parameters, "start").map(text -> time("start", text));
        Optional<Instant> end = one(parameters, "end").map(text -> time("end", text));
        if (start.isPresent() && end.isPresent() && start.get().isAfter(end.get())) {
            throw HistoryFilter.bad("start must be before end");
        }
        long minId =
                one(parameters, "min_id").map(text -> positive("min_id", text)).orElse(1L);
        long maxId =
                one(parameters, "max_id").map(text -> positive("max_id", text)).orElse(Long.MAX_VALUE);
        if (minId > maxId) {
            throw HistoryFilter.bad("min_id must be <= max_id");
        }
        int limit = one(parameters, "limit").map(ActivityFilter::limit).orElse(DEFAULT_LIMIT);
        long page = one(parameters, "page").map(text -> positive("page", text)).orElse(1L);
        Sort sort = one(parameters, "sort").map(Sort::named).orElse(Sort.ID);
        boolean descending =
                one(parameters, "order").map(ActivityFilter::descending).orElse(true);
        Set<Outcome> outcomes = parameters.getOrDefault("outcome", List.of()).stream()
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .map(ActivityFilter::outcome)
                .collect(Collectors.toSet());
        String path = one(parameters, "path").orElse("").toLowerCase(Locale.ROOT);
        return new ActivityFilter(
                models,
                outcomes,
                path,
                one(parameters, "request"),
                start,
                end,
                minId,
                maxId,
                limit,
                page,
                sort,
                descending);
    }

    private static Optional<String> one(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of()).stream().findFirst().filter(text -> !text.isEmpty());
    }

    private static Outcome outcome(String word) {
        return Stream.of(Outcome.values())
                .filter(outcome -> outcome.wire().equals(word))
                .findFirst()
                .orElseThrow(() -> HistoryFilter.bad("no such outcome: " + word));
    }

    private static Instant time(String name, String text) {
        try {
            if (text.matches(RFC3339)) {
                return Instant.ofEpochSecond(OffsetDateTime.parse(text).toEpochSecond());
            }
        } catch (DateTimeParseException e) {
            throw HistoryFilter.bad("invalid '" + name + "' timestamp, use RFC3339 format");
        }
        throw HistoryFilter.bad("invalid '" + name + "' timestamp, use RFC3339 format");
    }

    private static long positive(String name, String text) {
        return number(text).filter(number -> number >= 1).orElseThrow(() -> HistoryFilter.bad(name + " must be >= 1"));
    }

    private static int limit(String text) {
        long limit = number(text).orElseThrow(() -> HistoryFilter.bad("invalid limit"));
        if (limit < 1 || limit > MAX_LIMIT) {
            throw HistoryFilter.bad("limit must be between 1 and " + MAX_LIMIT);
        }
        return (int) limit;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean descending(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "asc" -> false;
            case "desc" -> true;
            default -> throw HistoryFilter.bad("order must be asc or desc");
        };
    }

    boolean matches(ActivityRow row) {
        return row.id() >= minId
                && row.id() <= maxId
                && (models.isEmpty() || models.contains(row.model()))
                && (outcomes.isEmpty() || outcomes.contains(row.outcome()))
                && row.path().toLowerCase(Locale.ROOT).contains(path)
                && request.map(id -> id.equals(row.request().toString())).orElse(true)
                && start.map(time -> !row.timestamp().isBefore(time)).orElse(true)
                && end.map(time -> !row.timestamp().isAfter(time)).orElse(true);
    }

    Comparator<ActivityRow> order() {
        return descending ? sort.order.reversed() : sort.order;
    }

    /** Rows before the page; more than there can ever be when the page number is absurd. */
    long skipped() {
        return page - 1 > Long.MAX_VALUE / limit ? Long.MAX_VALUE : (page - 1) * limit;
    }
}
