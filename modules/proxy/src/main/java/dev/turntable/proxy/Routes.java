package dev.turntable.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every path the server knows, with its methods and whether it needs a key: what the front door asks before anyone else is asked.
 * Patterns are those of the contract: {@code {name}} is one segment, {@code {name...}} at the end is the rest, which may be empty.
 * Literal segments match after decoding; an encoded slash does not separate (llama-swap §3.1).
 */
public final class Routes {
    /** Who answers. */
    public enum Plane {
        /** A model: the data plane. */
        MODEL,
        /** {@code /upstream/…}. */
        UPSTREAM,
        /** {@code /comfyui/…}. */
        COMFYUI,
        /** Whatever is registered on Helidon's routing. */
        CONTROL
    }

    /** One line of the table. An empty method set is any method; GET includes HEAD. */
    public record Route(Set<String> methods, String pattern, boolean authenticated, Plane plane) {
        public Route {
            methods = Collections.unmodifiableSet(new LinkedHashSet<>(methods));
        }

        boolean allows(String method) {
            return methods.isEmpty() || methods.contains(method) || method.equals("HEAD") && methods.contains("GET");
        }
    }

    /** A path that is known: the route for this method, or the methods that would do. */
    sealed interface Match {
        record Found(Route route, Map<String, String> variables) implements Match {}

        record WrongMethod(String allow) implements Match {}

        record Unknown() implements Match {}
    }

    private final List<Route> routes;
    private final List<String[]> segments;
    private final Map<String, List<Integer>> exact = new LinkedHashMap<>();

    private Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
        this.segments = new ArrayList<>();
        for (Route route : routes) {
            segments.add(route.pattern().substring(1).split("/", -1));
            if (!route.pattern().contains("{")) {
                exact.computeIfAbsent(route.pattern(), p -> new ArrayList<>()).add(segments.size() - 1);
            }
        }
    }

    /** The routes of llama-swap §3.4 and these of ours. */
    public static Routes with(List<Route> more) {
        List<Route> all = new ArrayList<>(contract());
        all.addAll(more);
        return new Routes(all);
    }

    /** A control-plane route that needs a key where keys are configured. */
    public static Route control(String method, String pattern) {
        return new Route(Set.of(method), pattern, true, Plane.CONTROL);
    }

    /** A control-plane route that needs no key. */
    public static Route open(String method, String pattern) {
        return new Route(Set.of(method), pattern, false, Plane.CONTROL);
    }

    public List<Route> all() {
        return routes;
    }

    private static List<Route> contract() {
        List<Route> all = new ArrayList<>();
        for (String path : ModelPaths.POST) {
            all.add(new Route(Set.of("POST"), path, true, Plane.MODEL));
        }
        for (String path : ModelPaths.GET) {
            all.add(new Route(Set.of("GET"), path, true, Plane.MODEL));
        }
        for (String path : List.of(
                "/v1/models",
                "/models",
                "/running",
                "/unload",
                "/metrics",
                "/logs",
                "/logs/stream",
                "/logs/stream/{id...}",
                "/api/profiles",
                "/api/events",
                "/api/metrics/activity",
                "/api/metrics/stats",
                "/api/performance",
                "/api/version",
                "/api/hardware",
                "/api/captures/{id}",
                "/ui/{file...}")) {
            all.add(control("GET", path));
        }
        for (String path : List.of("/health", "/wol-health", "/", "/favicon.ico", "/upstream")) {
            all.add(open("GET", path));
        }
        all.add(control("POST", "/api/models/unload"));
        all.add(control("POST", "/api/models/unload/{model...}"));
        all.add(control("PUT", "/api/profiles/active"));
        all.add(control("POST", "/api/inflight/{id}/cancel"));
        all.add(new Route(Set.of(), "/upstream/{path...}", true, Plane.UPSTREAM));
        all.add(new Route(Set.of(), "/comfyui", true, Plane.COMFYUI));
        all.add(new Route(Set.of(), "/comfyui/{path...}", true, Plane.COMFYUI));
        return all;
    }

    /** Finds the route of a path as the client wrote it, without query. */
    Match match(String method, String rawPath) {
        List<Integer> direct = exact.get(rawPath);
        if (direct != null) {
            for (int i : direct) {
                if (routes.get(i).allows(method)) {
                    return new Match.Found(routes.get(i), Map.of());
                }
            }
        }
        String[] asked = rawPath.substring(1).split("/", -1);
        Set<String> allow = new LinkedHashSet<>();
        boolean known = false;
        for (int i = 0; i < routes.size(); i++) {
            Optional<Map<String, String>> variables = matches(segments.get(i), asked);
            if (variables.isPresent()) {
                known = true;
                Route route = routes.get(i);
                if (route.allows(method)) {
                    return new Match.Found(route, variables.get());
                }
                allow.addAll(route.methods());
            }
        }
        return known ? new Match.WrongMethod(allowHeader(allow)) : new Match.Unknown();
    }

    private static String allowHeader(Set<String> methods) {
        List<String> all = new ArrayList<>(methods);
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        Collections.sort(all);
        return String.join(", ", all);
    }

    private static Optional<Map<String, String>> matches(String[] pattern, String[] asked) {
        Map<String, String> variables = Map.of();
        for (int i = 0; i < pattern.length; i++) {
            String part = pattern[i];
            if (part.endsWith("...}")) {
                if (asked.length <= i) {
                    return Optional.empty();
                }
                return Optional.of(plus(variables, part.substring(1, part.length() - 4), rest(asked, i)));
            }
            if (asked.length <= i) {
                return Optional.empty();
            }
            if (part.startsWith("{")) {
                if (asked[i].isEmpty()) {
                    return Optional.empty();
                }
                variables = plus(variables, part.substring(1, part.length() - 1), decode(asked[i]));
            } else if (!part.equals(asked[i]) && !part.equals(decode(asked[i]))) {
                return Optional.empty();
            }
        }
        return asked.length == pattern.length ? Optional.of(variables) : Optional.empty();
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }

    private static String rest(String[] asked, int from) {
        List<String> parts = new ArrayList<>();
        for (int i = from; i < asked.length; i++) {
            parts.add(decode(asked[i]));
        }
        return String.join("/", parts);
    }

    /** Decodes percent escapes, and UTF-8 that came without; a bad escape stays as it is (the front door refuses such paths before). */
    static String decode(String text) {
        return text.chars().allMatch(c -> c < 0x80 && c != '%')
                ? text
                : PercentCodec.decodePath(text).orElse(text);
    }

    static String utf8(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
