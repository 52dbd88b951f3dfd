package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** llama-swap §7.3: which log is which, history first, then live. */
class LogRoutesTest {
    private static final String CONFIG = """
            models:
              a: {cmd: "run ${PORT}", aliases: [ay, org/ay]}
              b: {cmd: "run ${PORT}"}
              proxy: {cmd: "run ${PORT}"}
            peers: {peer: {proxy: "http://127.0.0.1:9", models: [far]}}
            """;

    private static void say(PlaneFixture fixture, String model, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        fixture.output.append(new RunId(new ModelId(model), 1), bytes, bytes.length);
    }

    @Test
    void aModelsStreamIsNotMixedAndAnswersToAliasesAndLongerPaths() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            say(fixture, "a", "from-a\n");
            say(fixture, "b", "from-b\n");
            for (String id : List.of("a", "ay", "org/ay", "org%2Fay", "a/more/path")) {
                try (PlaneFixture.Streamed stream = fixture.open("/logs/stream/" + id)) {
                    stream.await("from-a");
                    assertFalse(stream.text().contains("from-b"), id);
                }
            }
            try (PlaneFixture.Streamed all = fixture.open("/logs/stream/upstream")) {
                all.await("from-a");
                all.await("from-b");
            }
        }
    }

    @Test
    void proxyWinsOverAModelOfThatName() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            say(fixture, "proxy", "from-the-model\n");
            fixture.core.append(Requests.applied("sighup"), List.of());
            try (PlaneFixture.Streamed stream = fixture.open("/logs/stream/proxy")) {
                stream.await("reload");
                assertFalse(stream.text().contains("from-the-model"));
            }
        }
    }

    @Test
    void historyIsLeftOutOnRequestAndHeadersWaitForTheFirstData() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            say(fixture, "a", "older\n");
            try (PlaneFixture.Streamed stream = fixture.open("/logs/stream/a?no-history=false");
                    PlaneFixture.Streamed whole = fixture.open("/logs/stream/a")) {
                whole.await("older");
                assertEquals("", stream.text());
                PlaneFixture.until("it listens", () -> {
                    say(fixture, "a", "newer\n");
                    return stream.text().contains("newer");
                });
                assertFalse(stream.text().contains("older"));
                assertTrue(stream.text().toLowerCase().contains("content-type: text/plain\r\n"));
            }
        }
    }

    @Test
    void unknownLogsAndPeersAreRefused() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            for (String id : List.of("nope", "peer/far", "far", "")) {
                PlaneFixture.Reply reply = fixture.get("/logs/stream/" + id);
                assertEquals(400, reply.status(), id);
                assertEquals(
                        "invalid logger. Use 'proxy', 'upstream' or a model's ID",
                        JsonTree.at(reply.json(), "error/message"));
            }
        }
    }

    @Test
    void browsersAreLedToThePage() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply page = fixture.get("/logs", "Accept", "text/html,*/*");
            assertEquals(302, page.status());
            assertEquals("/ui/", page.header("Location"));
            PlaneFixture.Reply text = fixture.get("/logs", "Accept", "*/*");
            assertEquals(200, text.status());
            assertEquals("text/plain", text.header("Content-Type"));
        }
    }

    @Test
    void aClientThatLeavesIsForgotten() {
        try (PlaneFixture fixture = PlaneFixture.with("turntable: {limits: {subscribers: 1}}\n" + CONFIG)) {
            try (PlaneFixture.Streamed stream = fixture.open("/logs/stream/a")) {
                PlaneFixture.until("it is read", () -> {
                    say(fixture, "a", "x\n");
                    return !stream.text().isEmpty();
                });
            }
            PlaneFixture.until("its place is free", () -> {
                say(fixture, "a", "x\n");
                try (PlaneFixture.Streamed next = fixture.open("/logs/stream/a")) {
                    PlaneFixture.until("it is answered", () -> !next.text().isEmpty());
                    return next.text().contains(" 200 ");
                }
            });
        }
    }
}
