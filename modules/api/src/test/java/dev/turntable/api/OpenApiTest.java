package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.fsm.Policies;
import dev.turntable.proxy.exchange.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The document for tools says what the server does: the same routes, the same methods, the same need for a key, answers of the described shape. */
class OpenApiTest {
    private static final String CONFIG = """
            models:
              a: {cmd: "run ${PORT}", name: A, aliases: [al], metadata: {k: 1}, capabilities: {in: [text, image], out: [text], tools: true, context: 4096}}
              b: {cmd: "run ${PORT}"}
            profiles: {p: {description: d, pins: {x: a}}}
            peers: {far: {proxy: "http://127.0.0.1:9", models: [pm]}}
            """;

    private static final Object DOCUMENT = JsonTree.parse(new String(OpenApi.document(), StandardCharsets.UTF_8));

    private static Map<?, ?> map(Object tree, String key) {
        return (Map<?, ?>) ((Map<?, ?>) tree).get(key);
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> described = new TreeSet<>();
        map(DOCUMENT, "paths").forEach((path, methods) -> ((Map<?, ?>) methods)
                .keySet()
                .forEach(method -> described.add(method.toString().toUpperCase() + " " + path)));
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            Set<String> there = new TreeSet<>();
            fixture.plane.routes().forEach(e -> there.add(e.name().replace("...}", "}")));
            assertEquals(there, described);
        }
    }

    @Test
    void whatNeedsNoKeySaysSo() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            for (Route endpoint : fixture.plane.routes()) {
                boolean open = List.of().equals(operation(endpoint).get("security"));
                assertEquals(!endpoint.keyed(), open, endpoint.name());
                assertEquals(
                        endpoint.keyed(), map(operation(endpoint), "responses").containsKey("401"), endpoint.name());
            }
        }
    }

    private static Map<?, ?> operation(Route endpoint) {
        String path = endpoint.path().text().replace("...}", "}");
        Map<?, ?> methods = map(map(DOCUMENT, "paths"), path);
        return (Map<?, ?>) methods.get(endpoint.method().toLowerCase());
    }

    @Test
    void answersHaveTheDescribedStatusTypeAndShape() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.core.move("b", ProcessState.READY);
            Requests.finish(fixture.core, 1, "a", Outcome.OK);
            fixture.captures.captured(Captures.of(1));
            fixture.send("PUT", "/api/profiles/active", Optional.of("{\"name\":\"p\"}"));
            Map<String, String> values = Map.of(
                    "{id}",
                    "1",
                    "{name...}",
                    "a",
                    "{hash}",
                    fixture.config.current().hash());
            for (Route endpoint : fixture.plane.routes()) {
                String text = endpoint.path().text();
                if (streams(endpoint)
                        || text.startsWith("/api/inflight")
                        || Set.of("/api/state", "/api/models").contains(text)) {
                    continue;
                }
                String path = endpoint.path().text().replace("{file...}", "app.js");
                if (path.contains("/history/{id}")) {
                    path = path.replace("{id}", "1.0");
                }
                if (path.contains("/swaps/{id}")) {
                    path = path.replace("{id}", "s-1");
                }
                for (Map.Entry<String, String> value : values.entrySet()) {
                    path = path.replace(value.getKey(), value.getValue());
                }
                check(endpoint, fixture.send(endpoint.method(), path + query(endpoint), body(endpoint)));
            }
        }
    }

    @Test
    void theStateHasTheDescribedShape() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.core.append(Requests.applied("start", Policies.from(fixture.config.current())), List.of());
            fixture.core.append(Requests.arrival(1, "a"), List.of());
            check(endpoint(fixture, "/api/models"), fixture.get("/api/models"));
            Route state = endpoint(fixture, "/api/state");
            PlaneFixture.Reply reply = fixture.get("/api/state");
            check(state, reply);
            assertEquals("a", JsonTree.at(reply.json(), "models/0/model"));
            assertEquals(400, fixture.get("/api/state?at=nonsense").status());
        }
    }

    private static Route endpoint(PlaneFixture fixture, String path) {
        return fixture.plane.routes().stream()
                .filter(e -> e.path().text().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static boolean streams(Route endpoint) {
        String path = endpoint.path().text();
        return path.contains("stream") || path.equals("/api/events");
    }

    private static String query(Route endpoint) {
        return switch (endpoint.path().text()) {
            case "/api/why" -> "?model=b";
            case "/api/config/rollback" -> "?hash=" + "0".repeat(64);
            default -> "";
        };
    }

    private static Optional<String> body(Route endpoint) {
        return endpoint.method().equals("PUT")
                ? Optional.of("{\"name\":null}")
                : endpoint.method().equals("POST") ? Optional.of("") : Optional.empty();
    }

    private static void check(Route endpoint, PlaneFixture.Reply reply) {
        Object response = map(operation(endpoint), "responses").get(Integer.toString(reply.status()));
        assertTrue(response != null, endpoint.name() + " answers " + reply.status() + ": " + reply.text());
        Map<?, ?> content = map(response, "content");
        if (content == null || reply.text().isEmpty()) {
            return;
        }
        String type = reply.header("Content-Type");
        boolean page = endpoint.path().text().startsWith("/ui/");
        assertTrue(page || content.containsKey(type), endpoint.name() + " has type " + type);
        if (type.equals("application/json")) {
            Schemas.check(DOCUMENT, map(content.get(type), "schema"), reply.json(), endpoint.name());
        }
    }
}
