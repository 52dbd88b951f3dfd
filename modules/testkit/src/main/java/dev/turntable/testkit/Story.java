package dev.turntable.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One model and what the record says about it: the questions of a test that shares its server with others. Events are in the order in
 * which they happened.
 */
public record Story(TurntableProcess turntable, String model) {
    public List<JsonNode> events(String type) {
        return turntable.history("limit=1000&model=" + model + "&type=" + type);
    }

    public int count(String type) {
        return events(type).size();
    }

    /** The first event of this type, waited for. */
    public JsonNode await(String type) {
        return await(type, 1);
    }

    /** The {@code n}th event of this type, waited for. */
    public JsonNode await(String type, int n) {
        return new LiveRecord(turntable.http()).await("type=" + type + "&model=" + model, n, _ -> true);
    }

    /** The end of its {@code n}th request, in the order of their arrival, waited for. */
    public JsonNode end(int n) {
        String request = await("request.arrived", n).get("request").asText();
        return turntable.awaitEvent("request.finished&request=" + request);
    }

    /** The states its processes went through, each as often as it was entered. */
    public List<String> states() {
        return events("state.changed").stream()
                .map(change -> change.at("/data/to").asText())
                .toList();
    }

    /** The state that {@code /running} shows; {@code stopped} when it shows none. */
    public String state() {
        return turntable.states().getOrDefault(model, "stopped");
    }

    /** A chat that is on the record when this returns: what is asked next surely comes after it. */
    public CompletableFuture<Answer> ask(String more) {
        int before = count("request.arrived");
        CompletableFuture<Answer> asked = turntable.http().chatLater(model, more);
        await("request.arrived", before + 1);
        return asked;
    }

    /** A chat that is answered only when the gate is opened, and that the model has begun to serve when this returns. */
    public CompletableFuture<Answer> occupy(String gate) {
        int before = count("request.admitted");
        CompletableFuture<Answer> asked = ask("\"demo\":{\"until\":\"" + gate + "\"}");
        await("request.admitted", before + 1);
        return asked;
    }

    /** The process that answers a chat now. */
    public long pid() {
        return turntable.http().chat(model).expect(200).json().at("/echo/pid").asLong();
    }

    /** Has it unloaded; returns when it is. */
    public Answer unload() {
        return turntable.http().post("/api/models/unload/" + model, "");
    }

    /** Reads the model's log from its beginning until a line holds this text; every line up to there. */
    public String logUntil(String text) {
        return turntable.http().readUntil("/logs/stream/" + model, text);
    }
}
