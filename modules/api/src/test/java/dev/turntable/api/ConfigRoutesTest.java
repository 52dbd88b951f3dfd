package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The configuration over HTTP: shown with secrets masked, reloaded, refused with its errors, gone back to. */
class ConfigRoutesTest {
    private static final String CONFIG = "models: {a: {cmd: \"run ${PORT}\"}}";

    @Test
    void theOneInForceAndItsPastAreShown() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            String hash = fixture.config.current().hash();
            assertEquals(hash, JsonTree.at(fixture.get("/api/config").json(), "hash"));
            assertEquals(
                    "apiKeys: [********]\n",
                    JsonTree.at(fixture.get("/api/config").json(), "text"));
            Object history = fixture.get("/api/config/history").json();
            assertEquals(hash, JsonTree.at(history, "current"));
            assertEquals("start", JsonTree.at(history, "configs/0/origin"));
            assertEquals(200, fixture.get("/api/config/history/" + hash).status());
            assertEquals(404, fixture.get("/api/config/history/nope").status());
        }
    }

    @Test
    void aRefusedReloadSaysWhy() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply reply = fixture.post("/api/config/reload");
            assertEquals(422, reply.status());
            assertEquals(
                    Map.of("changed", false, "errors", List.of("models.a: cmd is required\n  at test.yaml:3:5")),
                    reply.json());
        }
    }

    @Test
    void aCheckSaysWhatIsWrongWhereItStandsInTheFileOrInTheTextThatWasSent() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply refused = fixture.post("/api/config/check");
            assertEquals(422, refused.status());
            assertEquals("models:", JsonTree.at(refused.json(), "files/0/text"));
            assertEquals("cmd is required", JsonTree.at(refused.json(), "marks/0/message"));
            fixture.config.answerNext(new ConfigControl.Outcome.Unchanged("h"));
            PlaneFixture.Reply same = fixture.send("POST", "/api/config/check", Optional.of("models: {}"));
            assertEquals(200, same.status());
            assertEquals("models: {}", JsonTree.at(same.json(), "files/0/text"));
        }
    }

    @Test
    void anAppliedReloadSaysWhatChanged() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.config.answerNext(new ConfigControl.Outcome.Changed(
                    "h", List.of("b"), List.of(), List.of("a"), List.of(), List.of("logLevel"), List.of()));
            Object json = fixture.post("/api/config/reload").json();
            assertEquals(true, JsonTree.at(json, "changed"));
            assertEquals(List.of("a"), JsonTree.at(json, "restarted"));
        }
    }

    @Test
    void aRollbackNeedsAHashThatIsKept() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(400, fixture.post("/api/config/rollback").status());
            assertEquals(404, fixture.post("/api/config/rollback?hash=nope").status());
            String hash = fixture.config.current().hash();
            assertEquals(
                    Map.of("changed", false, "hash", hash),
                    fixture.post("/api/config/rollback?hash=" + hash).json());
        }
    }
}
