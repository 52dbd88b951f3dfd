package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.command;
import static dev.turntable.testkit.TurntableProcess.demoUpstream;
import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people were hurt by between their client and their model, on the image. */
class PassingOnTest {
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String JSON = "Content-Type: application/json";

    private static String message(Answer answer) {
        return answer.json().at("/error/message").asText();
    }

    @Test
    void aModelServerThatClosesAfterEachStreamCostsNoRequest() {
        try (var stub = StubUpstream.answering((request, wire) -> {
                    wire.chunked("Content-Type: text/event-stream");
                    wire.chunk("data: {}\n\n");
                    wire.send("0\r\n\r\n");
                    wire.cut();
                });
                var turntable = TurntableProcess.with(stub.model("fox")).start();
                var client = RawClient.to(turntable)) {
            for (int i = 0; i < 300; i++) {
                var answer = client.post("/v1/chat/completions", "{\"model\":\"fox\",\"stream\":true}");
                assertEquals(200, answer.status(), "request " + i);
            }
        }
    }

    @Test
    void aFailedStartSaysHowItEndedAndWhatItPrinted() {
        try (var turntable = TurntableProcess.with(model("fox", "--exit-at-start 3 --say no-luck"))
                .start()) {
            Answer chat = turntable.http().chat("fox").expect(500);
            assertTrue(message(chat).contains("exit code 3") && message(chat).contains("no-luck"), chat.body());
            Answer messages =
                    turntable.http().post("/v1/messages", "{\"model\":\"fox\"}").expect(500);
            assertEquals("error", messages.json().at("/type").asText());
            assertEquals("api_error", messages.json().at("/error/type").asText());
            assertTrue(message(messages).contains("no-luck"), messages.body());
        }
    }

    @Test
    void halfAMegabyteOfNameQueryOrAgentIsAnsweredAndOnRecord() {
        String much = "x".repeat(500_000);
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            Answer answer = turntable.http().raw(CHAT, "{\"model\":\"" + much + "\"}", JSON);
            assertEquals(404, answer.status());
            assertTrue(message(answer).contains("xxx… (500000 characters)")
                    && message(answer).length() < 1000);
            assertEquals(
                    404,
                    turntable.awaitEvent("request.finished").at("/data/status").asInt());
            assertTrue(turntable
                    .awaitEvent("request.arrived")
                    .at("/data/asked")
                    .asText()
                    .endsWith("… (500000 characters)"));
        }
    }

    @Test
    void aServerThatBindsLateIsWaitedForWhereNobodyAsksWhetherItIsReady() {
        String late = command("fox", "sh -c 'sleep 1; exec " + demoUpstream() + " --name fox'", "checkEndpoint: none");
        try (var turntable = TurntableProcess.with(late).start()) {
            turntable.http().chat("fox").expect(200);
        }
    }

    @Test
    void ourKeyStaysHereAndAnUpgradeNobodyCanFollowDoesNotGoOn() {
        try (var turntable = TurntableProcess.configured("apiKeys: [sk-ours]\nmodels:\n" + model("fox"))
                .start()) {
            Received received = Received.of(turntable
                    .http()
                    .raw(
                            CHAT,
                            "{\"model\":\"fox\"}",
                            "Content-Type: text/plain",
                            "Authorization: Bearer sk-ours",
                            "Connection: Upgrade, HTTP2-Settings",
                            "Upgrade: h2c",
                            "HTTP2-Settings: AAMAAABk",
                            Received.PLEASE));
            assertEquals("{\"model\":\"fox\"}", received.body());
            for (String gone : List.of("Authorization", "Upgrade", "HTTP2-Settings", "Connection")) {
                assertEquals(List.of(), received.header(gone), gone);
            }
        }
    }

    @Test
    void aRequestThatGoesInACircleOfPeersIsRefused() {
        int one = TurntableProcess.freePorts();
        int two = TurntableProcess.freePorts();
        try (var first = circle(one, two);
                var second = circle(two, one)) {
            Answer answer = first.http().chat("m");
            assertEquals(508, answer.status(), answer.body());
            assertEquals(
                    508,
                    second.awaitEvent("request.finished").at("/data/status").asInt());
            assertEquals(1, first.history("type=request.arrived").size());
        }
    }

    private static TurntableProcess circle(int port, int peer) {
        return TurntableProcess.configured("peers: {next: {proxy: 'http://127.0.0.1:" + peer + "', models: [m]}}\n")
                .arguments("-listen", "127.0.0.1:" + port)
                .start();
    }

    @Test
    void aPathUnderAModelPassesAsItIsWritten() {
        try (var turntable = TurntableProcess.with(model("org/fox.v1")).start()) {
            Received received = Received.of(
                    turntable.http().raw("GET /upstream/org/fox.v1//a/../b/./ü|%2f?c=//d", "", Received.PLEASE));
            assertEquals("//a/../b/./%C3%BC%7C%2f?c=//d", received.target());
        }
    }
}
