package dev.turntable.browser;

import static dev.turntable.testkit.TurntableProcess.model;

import dev.turntable.testkit.Groups;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.List;

/** A server on which everything has happened that a page shows: swaps, a queue, a failed start, and requests of every outcome. */
final class World {
    private World() {}

    static String yaml() {
        return "metricsMaxInMemory: 12000\ncaptureBuffer: 5\n"
                + new Groups()
                        .swapping(model("fox", "--load-ms 50", "name: Quick Fox"), model("owl", "--load-ms 80"))
                        .together(
                                model("wren", "", "description: stays beside the others", "ttl: 600"),
                                model("broken", "--exit-at-start 3 --say out-of-memory"),
                                model("a/b", "", "aliases: [slashed]"))
                        .yaml();
    }

    /** Starts it with an address that a restart keeps. */
    static TurntableProcess start() {
        TurntableProcess turntable = TurntableProcess.configured(yaml())
                .arguments("-listen", "127.0.0.1:" + TurntableProcess.freePorts())
                .start();
        traffic(turntable);
        return turntable;
    }

    private static void traffic(TurntableProcess turntable) {
        var http = turntable.http();
        http.chat("fox").expect(200);
        http.chat("owl").expect(200);
        http.chat("wren").expect(200);
        http.chat("broken");
        http.chat("nobody").expect(404);
        http.chat("fox", "\"demo\":{\"status\":500}").expect(500);
        try {
            http.chat("fox", "\"demo\":{\"die\":\"middle\"}");
        } catch (AssertionError | RuntimeException brokenOff) {
            // as ordered: it breaks off in the middle
        }
        cancelled(turntable);
        Wait.until("all have ended", () -> ended(turntable) == 8);
    }

    /** A request that an operator cancels while it waits for its answer. */
    private static void cancelled(TurntableProcess turntable) {
        var waiting = turntable.http().chatLater("wren", "\"demo\":{\"until\":\"never\"}");
        var served = turntable.awaitEvent(
                "request.admitted", event -> event.path("request").asText().equals("r-8"));
        String id = served.get("request").asText().substring(2);
        Wait.until(
                "it is cancelled",
                () -> turntable
                                .http()
                                .post("/api/inflight/" + id + "/cancel", "")
                                .status()
                        == 200);
        waiting.handle((_, _) -> List.of()).join();
    }

    static int ended(TurntableProcess turntable) {
        return turntable
                .http()
                .get("/api/metrics/activity?limit=1")
                .expect(200)
                .json()
                .get("total")
                .asInt();
    }
}
