package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** Upstreams that fail in every way they can: a clear error, the true outcome on the record, and the server goes on. */
class BrokenUpstreamTest {
    @Test
    void aCommandThatDoesNotExistIsAClearError() {
        try (var turntable = TurntableProcess.configured(
                        "models:\n  ghost:\n    cmd: /no/such/program --port ${PORT}\n" + model("fox"))
                .start()) {
            Answer answer = turntable.http().chat("ghost");
            assertTrue(answer.status() >= 500, answer.toString());
            assertTrue(
                    answer.json().at("/error/message").asText().contains("ghost")
                            || answer.body().contains("/no/such/program"),
                    answer.body());
            assertOutcome(turntable, "load_failed");
            turntable.http().chat("fox").expect(200);
        }
    }

    @Test
    void anUpstreamThatExitsAtOnceIsAClearError() {
        try (var turntable = TurntableProcess.with(model("fox", "--exit-at-start 3 --say no-luck"), model("owl"))
                .start()) {
            assertTrue(turntable.http().chat("fox").status() >= 500);
            assertOutcome(turntable, "load_failed");
            assertEquals(
                    3, turntable.awaitEvent("process.exited").at("/data/code").asInt());
            turntable.http().chat("owl").expect(200);
        }
    }

    @Test
    void anUpstreamThatDiesInMidAnswerCutsTheAnswerOff() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            turntable.http().chat("fox").expect(200);
            try (var lines = turntable.http().chatStream("fox", "\"demo\":{\"tokens\":6,\"exit\":9}")) {
                assertThrows(UncheckedIOException.class, lines::count, "a half answer must not pass for a whole one");
            }
            assertOutcome(turntable, "upstream_died");
            turntable.http().chat("fox").expect(200);
        }
    }

    @Test
    void anUpstreamThatIgnoresSigtermIsKilled() {
        try (var turntable = TurntableProcess.configured(
                        "unloadTimeout: 1\nmodels:\n" + model("fox", "--ignore-term") + model("owl"))
                .start()) {
            turntable.http().chat("fox").expect(200);
            turntable.http().chat("owl").expect(200);
            JsonNode exit = turntable.awaitEvent(
                    "process.exited", e -> e.get("model").asText().equals("fox"));
            assertEquals(9, exit.at("/data/signal").asInt(), exit.toString());
        }
    }

    @Test
    void aChildOfAnUpstreamDoesNotSurviveIt() {
        try (var turntable = TurntableProcess.configured("unloadTimeout: 1\nmodels:\n" + model("fox", "--fork-child"))
                .start()) {
            turntable.http().chat("fox").expect(200);
            assertTrue(turntable.upstreams().size() >= 2, "the upstream and its child");
            turntable.http().get("/unload").expect(200);
            Wait.until("the whole group is gone", () -> turntable.upstreams().isEmpty());
        }
    }

    /** The record names the outcome of a request as it was. */
    private static void assertOutcome(TurntableProcess turntable, String outcome) {
        turntable.awaitEvent(
                "request.finished", e -> e.at("/data/outcome").asText().equals(outcome));
    }
}
