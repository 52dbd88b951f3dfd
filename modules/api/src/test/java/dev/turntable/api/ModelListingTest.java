package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.ProcessState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** llama-swap §3.5: what is listed, under which names, with which fields, in which order. */
class ModelListingTest {
    private static final String CONFIG = """
            models:
              zeta: {cmd: "run ${PORT}"}
              Alpha: {cmd: "run ${PORT}", name: "  The Alpha ", description: "\\n first \\n", aliases: [al1, " al2 "]}
              hidden: {cmd: "run ${PORT}", unlisted: true}
              sees: {cmd: "run ${PORT}", metadata: {architecture: mine, keep: 1.50, b: {z: 1, a: 2}}, capabilities: {in: [text, image], out: [text], tools: true, context: 4096}}
              meta: {cmd: "run ${PORT}", metadata: {architecture: mine, type: mine}}
            selectors:
              first: {strategy: pin, targets: [zeta, Alpha]}
              any: {strategy: spillover, targets: [zeta, Alpha]}
            groups: {g: {swap: false, members: [zeta, Alpha]}}
            profiles: {p: {pins: {new-name: zeta, off: null, Alpha: zeta}}}
            peers: {far: {proxy: "http://127.0.0.1:9", models: [pm, pm]}}
            """;

    private static Map<String, Object> record(PlaneFixture fixture, String id) {
        for (Object record : JsonTree.list(fixture.get("/v1/models").json(), "data")) {
            if (JsonTree.at(record, "id").equals(id)) {
                @SuppressWarnings("unchecked")
                Map<String, Object> found = (Map<String, Object>) record;
                return found;
            }
        }
        throw new AssertionError("not listed: " + id);
    }

    private static List<Object> ids(PlaneFixture fixture) {
        return JsonTree.list(fixture.get("/v1/models").json(), "data").stream()
                .map(r -> JsonTree.at(r, "id"))
                .toList();
    }

    @Test
    void theListIsSortedByBytesAndEndsWithANewline() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply reply = fixture.get("/v1/models");
            assertEquals(List.of("Alpha", "any", "far/pm", "far/pm", "first", "meta", "sees", "zeta"), ids(fixture));
            assertTrue(reply.text().endsWith("\n"));
            assertEquals("application/json", reply.header("Content-Type"));
            assertEquals("list", JsonTree.at(reply.json(), "object"));
        }
    }

    @Test
    void namesAreTrimmedAndAliasesStandUnderMeta() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            Map<String, Object> alpha = record(fixture, "Alpha");
            assertEquals("The Alpha", alpha.get("name"));
            assertEquals("first", alpha.get("description"));
            assertEquals(List.of("al1", " al2 "), JsonTree.at(alpha, "meta/llamaswap/aliases"));
            assertEquals(
                    List.of("id", "object", "created", "owned_by", "name", "description", "meta", "status"),
                    List.copyOf(alpha.keySet()));
        }
    }

    @Test
    void capabilitiesHideTheSameWordsOfTheMetadata() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            Map<String, Object> sees = record(fixture, "sees");
            assertEquals("text+image->text", JsonTree.at(sees, "architecture/modality"));
            assertEquals(Map.of("vision", true, "function_calling", true), sees.get("capabilities"));
            assertEquals(List.of("tools", "tool_choice"), sees.get("supported_parameters"));
            assertEquals(4096L, sees.get("context_length"));
            assertEquals(4096L, JsonTree.at(sees, "meta/n_ctx"));
            assertEquals(List.of("b", "keep", "type"), JsonTree.keys(JsonTree.at(sees, "meta/llamaswap")));
            assertEquals(List.of("a", "z"), JsonTree.keys(JsonTree.at(sees, "meta/llamaswap/b")));
            assertEquals("mine", JsonTree.at(record(fixture, "meta"), "meta/llamaswap/architecture"));
            assertEquals("model", JsonTree.at(record(fixture, "meta"), "meta/llamaswap/type"));
        }
    }

    @Test
    void aModelIsLoadedWhileItStartsServesAndStops() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals("unloaded", JsonTree.at(record(fixture, "zeta"), "status/value"));
            for (ProcessState state : List.of(ProcessState.STARTING, ProcessState.READY, ProcessState.STOPPING)) {
                fixture.core.move("zeta", state);
                assertEquals("loaded", JsonTree.at(record(fixture, "zeta"), "status/value"), state.wire());
                List<String> fields = state == ProcessState.READY ? List.of("value") : List.of("value", "state");
                assertEquals(fields, JsonTree.keys(JsonTree.at(record(fixture, "zeta"), "status")));
                if (fields.size() == 2) {
                    assertEquals(
                            state.wire(), JsonTree.at(record(fixture, "zeta"), "status/state"), "and what it truly is");
                }
            }
        }
    }

    @Test
    void onlyThePinnedTargetCountsForAPinSelector() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.core.move("Alpha", ProcessState.READY);
            assertEquals("unloaded", JsonTree.at(record(fixture, "first"), "status/value"));
            assertEquals("loaded", JsonTree.at(record(fixture, "any"), "status/value"));
            assertEquals(1L, JsonTree.at(record(fixture, "any"), "meta/llamaswap/spillover"));
            assertFalse(JsonTree.keys(JsonTree.at(record(fixture, "first"), "meta/llamaswap"))
                    .contains("spillover"));
        }
    }

    @Test
    void theActiveProfileAddsOnlyNamesThatMeanNothingElse() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(
                    200,
                    fixture.send("PUT", "/api/profiles/active", java.util.Optional.of("{\"name\":\"p\"}"))
                            .status());
            assertTrue(ids(fixture).contains("new-name"));
            assertFalse(ids(fixture).contains("off"));
            assertEquals("profile", JsonTree.at(record(fixture, "new-name"), "meta/llamaswap/type"));
            assertEquals("model", JsonTree.at(record(fixture, "Alpha"), "meta/llamaswap/type"));
        }
    }

    @Test
    void aliasesAreRecordsOfTheirOwnWhenAskedFor() {
        try (PlaneFixture fixture = PlaneFixture.with("includeAliasesInList: true\n" + CONFIG)) {
            Map<String, Object> alias = record(fixture, "al1");
            assertEquals(Map.of("modelID", "Alpha", "type", "alias"), JsonTree.at(alias, "meta/llamaswap"));
            assertEquals("The Alpha", alias.get("name"));
            assertTrue(ids(fixture).contains("al2"));
        }
    }

    @Test
    void theOriginIsEchoed() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            try (PlaneFixture.Streamed raw =
                    fixture.open("/models", "Origin", "http://o.example:8080", "Connection", "close")) {
                raw.await("llamaswap");
                raw.await("http://o.example:8080");
            }
            assertEquals("", fixture.get("/v1/models").header("Access-Control-Allow-Origin"));
        }
    }
}
