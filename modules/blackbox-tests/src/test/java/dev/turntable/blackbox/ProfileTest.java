package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.TurntableProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an active profile renames, and what it leaves alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProfileTest {
    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(
                    "profiles: {night: {pins: {public: fox, off: null, real: hidden}}}\n"
                            + new Groups()
                                    .together(model("fox"), model("off"), model("real"), model("hidden"))
                                    .yaml())
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("201")
    void aDisabledPinIsNotFoundAndAnUnknownProfileChangesNothing() {
        activate("night", 200);
        http.chat("public").expect(200);
        assertEquals(
                "no model id could be identified",
                http.chat("off").expect(404).json().at("/error/message").asText());
        assertEquals(
                "profile \"day\" not found",
                activate("day", 404).json().at("/error/message").asText());
        assertEquals("night", http.get("/api/profiles").json().get("active").asText());
        http.chat("public").expect(200);
        assertEquals(0, turntable.story("off").count("request.arrived"));
    }

    @Test
    @SpecCase("202")
    void anUnloadMeansTheModelOfThatNameWhateverTheProfileSays() {
        http.chat("real").expect(200);
        http.chat("hidden").expect(200);
        activate("night", 200);
        Story real = turntable.story("real");
        real.unload().expect(200);
        assertEquals("stopped", real.state());
        assertEquals("ready", turntable.story("hidden").state());
        assertEquals(
                "hidden", http.chat("real").expect(200).json().at("/echo/name").asText());
    }

    @BeforeEach
    void none() {
        http.raw("PUT /api/profiles/active", "{\"name\":null}").expect(200);
    }

    private Answer activate(String profile, int expected) {
        return http.raw("PUT /api/profiles/active", "{\"name\":\"" + profile + "\"}")
                .expect(expected);
    }
}
