package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.Config;
import dev.turntable.config.Profile;
import dev.turntable.proxy.naming.Names;
import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which model a path under {@code /upstream/} begins with, and what is left of it. */
class NamesTest {
    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(folder, """
                models:
                  a: {cmd: x, proxy: "UP"}
                  grüß: {cmd: x, proxy: "UP"}
                  org: {cmd: x, proxy: "UP"}
                  org/m: {cmd: x, proxy: "UP", aliases: ["org//m", "v1.5..x"]}
                  /models/x.gguf: {cmd: x, proxy: "UP"}
                  "m?#%": {cmd: x, proxy: "UP"}
                  tail/: {cmd: x, proxy: "UP"}
                profiles: {p: {pins: {public/name: org/m, off: ""}}, set: [a, org]}
                peers: {far: {proxy: "UP", models: [deep/er/name]}}
                """);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private String found(Config config, Optional<Profile> profile, String path) {
        return Names.inPath(config, profile, path)
                .map(found -> found.meaning().name() + " -> " + found.rest())
                .orElse("-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a/x | a -> /x",
                "a | a -> ",
                "a/ | a -> /",
                "a//x/../y | a -> //x/../y",
                "/a/x | a -> /x",
                "org/other | org -> /other",
                "org/m/x%2Fy | org/m -> /x%2Fy",
                "org%2Fm/x | org/m -> /x",
                "org//m/x | org//m -> /x",
                "org///m/x | org/m -> /x",
                "v1.5..x/y | v1.5..x -> /y",
                "/models/x.gguf/v1 | /models/x.gguf -> /v1",
                "%2Fmodels%2Fx.gguf/v1 | /models/x.gguf -> /v1",
                "m%3F%23%25/x | m?#% -> /x",
                "tail%2F/x | tail/ -> /x",
                "far/deep/er/name/x | far/deep/er/name -> /x",
                "deep/er/name/x | deep/er/name -> /x",
                "set:a/x | a -> /x",
                "nobody/x | -",
                "../x | -",
            })
    void theLongestNameWins(String path, String expected) {
        assertEquals(
                expected.strip(), found(house.config, Optional.empty(), path).strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"public/name/x | org/m -> /x", "off/x | -", "a/x | a -> /x", "public/x | -"})
    void aPinOfTheProfileComesFirst(String path, String expected) {
        assertEquals(
                expected,
                found(house.config, Optional.of(house.config.profiles().get("p")), path));
    }

    @Test
    void aLongPathCostsItsLength() {
        Optional<Profile> profile = Optional.of(house.config.profiles().get("p"));
        for (String piece : new String[] {"x/", "/", "%2F", "org/", "a:/"}) {
            String path = piece.repeat(1_000_000 / piece.length());
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> found(house.config, profile, path), piece);
        }
    }

    @Test
    void aPathThatGoesToAModelIsNotCleanedAndARedirectLeadsToTheSameModel() throws Exception {
        try (RawClient client = house.client()) {
            assertEquals(200, client.get("/upstream/a//x/./y/../z").status());
            assertEquals("GET //x/./y/../z HTTP/1.1", house.upstream.next().line());
            assertEquals(200, client.get("/upstream//models/x.gguf/v1").status());
            assertEquals("GET /v1 HTTP/1.1", house.upstream.next().line());
            RawAnswer redirect = client.get("/upstream/tail%2F?q=1");
            assertEquals(301, redirect.status());
            assertEquals("/upstream/tail%2F/?q=1", redirect.header("Location"));
            assertEquals(
                    "/upstream/m%3F%23%25/", client.get("/upstream/m%3F%23%25").header("Location"));
            assertEquals(
                    "/upstream/gr%C3%BC%C3%9F/", client.get("/upstream/grüß").header("Location"));
            assertEquals(200, client.get("/upstream/grüß/ä%2f|?ö").status());
            assertEquals(
                    "GET /%C3%A4%2f%7C?ö HTTP/1.1",
                    new String(
                            house.upstream.next().line().getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.UTF_8));
            assertEquals("/upstream/grüß/ä/|", house.admission.arrived.getLast().path());
            assertEquals(404, client.get("/upstream/../health").status(), "not another route");
            assertEquals("/health", client.get("//health").header("Location"));
        }
    }

    @Test
    void whatGoesOnRecordIsCutAndSaysSo() throws Exception {
        String name = "n".repeat(500_000);
        try (RawClient client = house.client()) {
            RawAnswer answer = client.post(
                    "/v1/completions?q=" + "q".repeat(30_000),
                    "{\"model\":\"" + name + "\"}",
                    "User-Agent: " + "u".repeat(30_000),
                    "X-Forwarded-For: " + "f".repeat(30_000));
            assertEquals(404, answer.status());
            assertTrue(answer.text().contains("nnn… (500000 characters)"), answer.text());
            assertEquals(404, client.get("/nothing/" + "p".repeat(100_000)).status());
            assertEquals(431, client.get("/nothing/" + "p".repeat(400_000)).status());
        }
        var arrived = house.admission.arrived.getLast();
        assertTrue(arrived.toString().length() < 10_000);
        assertTrue(arrived.asked().endsWith("… (500000 characters)"));
        assertEquals(arrived.asked(), arrived.model().value());
        assertEquals(404, house.admission.nextFinished().status());
        assertTrue(house.admission.served.take().toString().length() < 10_000);
    }

    @Test
    void theUpstreamsNameReplacesAnyOtherInFormsToo() throws Exception {
        house.close();
        house = new House(folder, """
                models: {ren: {cmd: x, proxy: "UP", useModelName: real, aliases: [al]}}
                selectors: {pick: {strategy: pin, targets: [al]}}
                profiles: {p: {pins: {pinned: pick}}, set: [ren]}
                """);
        house.profile = Optional.of("p");
        try (RawClient client = house.client()) {
            for (String name : new String[] {"ren", "al", "pick", "pinned", "set:ren"}) {
                client.request(
                        "POST",
                        "/v1/completions",
                        "x=1&model=" + name.replace(":", "%3A"),
                        "Content-Type: application/x-www-form-urlencoded");
                assertEquals(200, client.answer("POST").status(), name);
                assertEquals("model=real&x=1", house.upstream.next().body(), name);
                client.post("/v1/completions", "{\"model\":\"" + name + "\"}");
                assertEquals("{\"model\":\"real\"}", house.upstream.next().body(), name);
            }
        }
    }

    @Test
    void aTypeThatIsNotJsonsGoesOnWithTheJsonItCameWith() throws Exception {
        try (RawClient client = house.client()) {
            client.request(
                    "POST",
                    "/v1/completions",
                    "{\"model\":\"org//m\"}",
                    "Content-Type: application/x-www-form-urlencoded");
            assertEquals(200, client.answer("POST").status());
        }
        StubUpstream.Request seen = house.upstream.next();
        assertEquals("{\"model\":\"org//m\"}", seen.body());
        assertTrue(seen.has("content-type: application/x-www-form-urlencoded"), seen.head());
    }
}
