package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Event;
import dev.turntable.event.EventType;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to look for in the history (docs/http-api.md). Everything that is given must hold; {@code types} are alternatives, and one
 * that ends in {@code *} stands for all that begin so.
 *
 * @param after cursor, exclusive
 * @param before cursor, exclusive
 * @param from time, inclusive
 * @param to time, inclusive
 * @param limit 1..1000
 */
public record HistoryFilter(
        Optional<String> after,
        Optional<String> before,
        Optional<Instant> from,
        Optional<Instant> to,
        List<String> types,
        Optional<ModelId> model,
        Optional<RunId> run,
        Optional<RequestId> request,
        Optional<SwapId> swap,
        Optional<String> actor,
        boolean descending,
        int limit) {
    /** Events on a page unless asked otherwise, and at most. */
    public static final int DEFAULT_LIMIT = 100;

    public static final int MAX_LIMIT = 1_000;

    private static final Set<String> KNOWN = Set.of(
            "after", "before", "from", "to", "type", "model", "run", "request", "swap", "actor", "order", "limit");

    private static final Set<String> TYPES = Stream.of(Fact.class, Decision.class)
            .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
            .map(event -> event.getAnnotation(EventType.class).value())
            .collect(Collectors.toUnmodifiableSet());

    /** Everything, oldest first. */
    public static final HistoryFilter ALL = new HistoryFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            DEFAULT_LIMIT);

    public HistoryFilter {
        types = List.copyOf(types);
    }

    /** Reads query parameters; blank ones count as not given. Throws {@link HistoryException} with code BAD_FILTER. */
    public static HistoryFilter parse(Map<String, List<String>> parameters) {
        parameters.keySet().stream()
                .filter(name -> !KNOWN.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw bad("unknown parameter '" + name + "'; known are "
                            + KNOWN.stream().sorted().toList());
                });
        List<String> types = parameters.getOrDefault("type", List.of()).stream()
                .filter(type -> !type.isEmpty())
                .toList();
        types.forEach(HistoryFilter::checkType);
        return new HistoryFilter(
                one(parameters, "after"),
                one(parameters, "before"),
                one(parameters, "from").map(text -> time("from", text)),
                one(parameters, "to").map(text -> time("to", text)),
                types,
                one(parameters, "model").map(ModelId::new),
                one(parameters, "run").map(text -> id("run", text, RunId::parse)),
                one(parameters, "request").map(text -> id("request", text, RequestId::parse)),
                one(parameters, "swap").map(text -> id("swap", text, SwapId::parse)),
                one(parameters, "actor"),
                one(parameters, "order").map(HistoryFilter::descending).orElse(false),
                one(parameters, "limit").map(HistoryFilter::limit).orElse(DEFAULT_LIMIT));
    }

    private static Optional<String> one(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isBlank())
                .toList();
        if (values.size() > 1) {
            throw bad("parameter '" + name + "' is given more than once");
        }
        return values.stream().findFirst().map(String::strip);
    }

    private static void checkType(String type) {
        if (TYPES.stream().noneMatch(known -> matches(type, known))) {
            throw bad("invalid type '" + type
                    + "': there is no event of that name; a name is like swap.started, a prefix like swap.*");
        }
    }

    static Instant time(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw bad("invalid '" + name + "' timestamp, use RFC 3339");
        }
    }

    private static <T> T id(String name, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw bad("invalid " + name + " '" + text + "'");
        }
    }

    private static boolean descending(String order) {
        return switch (order) {
            case "asc" -> false;
            case "desc" -> true;
            default -> throw bad("order must be asc or desc");
        };
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw bad("invalid limit");
        }
        throw bad("limit must be between 1 and " + MAX_LIMIT);
    }

    static HistoryException bad(String message) {
        return new HistoryException(HistoryException.Code.BAD_FILTER, message);
    }

    /** Whether event {@code n} of the commit is asked for; position and time are not looked at. */
    boolean matches(Commit commit, int n) {
        return matches(commit, n, () -> Links.of(commit.event(n)));
    }

    /** The same, where more is known of what the event is about than it says itself. */
    boolean matches(Commit commit, int n, Supplier<Links> about) {
        Event event = commit.event(n);
        if (!types.isEmpty() && types.stream().noneMatch(type -> matches(type, event.type()))) {
            return false;
        }
        if (actor.isPresent() && !actor.get().equals(Actors.of(commit).value())) {
            return false;
        }
        Links links = model.isPresent() ? about.get() : Links.of(event);
        return (model.isEmpty() || model.equals(links.model()))
                && (run.isEmpty() || run.equals(links.run()))
                && (request.isEmpty() || request.equals(links.request()))
                && (swap.isEmpty() || swap.equals(links.swap()));
    }

    private static boolean matches(String pattern, String type) {
        return pattern.endsWith("*")
                ? type.startsWith(pattern.substring(0, pattern.length() - 1))
                : type.equals(pattern);
    }

    /** The same, from behind this cursor, this many, oldest first. */
    HistoryFilter after(String cursor, int count) {
        return new HistoryFilter(
                Optional.of(cursor), before, from, to, types, model, run, request, swap, actor, false, count);
    }

    /** The same, the newest so many first. */
    HistoryFilter newestFirst(int count) {
        return new HistoryFilter(after, before, from, to, types, model, run, request, swap, actor, true, count);
    }

    /** The same, of these types. */
    HistoryFilter ofTypes(String... wanted) {
        return new HistoryFilter(
                after, before, from, to, List.of(wanted), model, run, request, swap, actor, descending, limit);
    }

    /** Everything about this run. */
    static HistoryFilter ofRun(RunId run) {
        return new HistoryFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(run.model()),
                Optional.of(run),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                MAX_LIMIT);
    }

    /** Everything about this request. */
    static HistoryFilter ofRequest(RequestId request) {
        return new HistoryFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(request),
                Optional.empty(),
                Optional.empty(),
                false,
                MAX_LIMIT);
    }

    /** Everything about this swap. */
    static HistoryFilter ofSwap(SwapId swap) {
        return new HistoryFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(swap),
                Optional.empty(),
                false,
                MAX_LIMIT);
    }

    /** These types of this model. */
    static HistoryFilter ofModel(ModelId model, String... types) {
        return new HistoryFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(types),
                Optional.of(model),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                MAX_LIMIT);
    }
}
