package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.turntable.config.Config;
import dev.turntable.config.PathPattern;
import dev.turntable.config.Secret;
import dev.turntable.config.Timeouts;
import dev.turntable.config.UpstreamUrl;
import dev.turntable.config.Value;
import dev.turntable.config.compat.GoDuration;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.compat.GoUrl;
import dev.turntable.config.compat.NaturalOrder;
import dev.turntable.config.compat.Numbers;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the libraries that llama-swap stands on, where a file can tell the difference (§13). */
class GoRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://[::1         | missing ']' in host
            http://a b/         | invalid character " " in host name
            ://x                | missing protocol scheme
            http://h:port/      | invalid port ":port" after host
            http://h/%zz        | invalid URL escape "%zz"
            http://h/%          | invalid URL escape "%"
            127.0.0.1:80        | first path segment in URL cannot contain colon
            http://${x}/        | invalid character "{" in host name
            """)
    void badUrls(String url, String reason) {
        assertEquals(new GoUrl.Result.Bad("parse " + GoText.quoted(url) + ": " + reason), GoUrl.parse(url));
    }

    @ParameterizedTest
    @CsvSource({
        "http://h, http://h",
        "http://h:/x, http://h:/x",
        "http://[::1]:80/p?q=1#f, http://[::1]:80/p?q=1#f",
        "http://h/a b/{c}, http://h/a%20b/%7Bc%7D",
        "http://user:pw@h:1/, http://user:pw@h:1/",
        "localhost:80, localhost:80",
        "/only/path, /only/path"
    })
    void goodUrls(String url, String uri) {
        assertEquals(
                Optional.of(uri),
                GoUrl.parse(url) instanceof GoUrl.Result.Good good
                        ? good.url().uri().map(Object::toString)
                        : Optional.empty());
    }

    /** A dialer's {@code KeepAlive}: 0 is a period of its own, less than 0 is none. All other limits have no sign. */
    @ParameterizedTest
    @CsvSource({"30, 30", "0, 0", "-1, -1", "-7, -1"})
    void onlyKeepaliveMeansSomethingBelowZero(long given, long seconds) {
        Timeouts timeouts = Loads.good("models: {a: {cmd: x, proxy: 'http://h', timeouts: {keepalive: " + given
                        + ", connect: " + given + "}}}")
                .model("a")
                .orElseThrow()
                .timeouts();
        assertEquals(Duration.ofSeconds(seconds), timeouts.keepalive());
        assertEquals(Duration.ofSeconds(Math.max(0, given)), timeouts.connect());
    }

    @Test
    void aBlankUrlIsAcceptedAndHasNoUri() {
        assertEquals(new GoUrl.Result.Good(new UpstreamUrl("", Optional.empty())), GoUrl.parse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "(?=x)",
                "(?!x)",
                "(?<=x)",
                "(a)\\1",
                "*a",
                "a**",
                "a*+",
                "(",
                ")",
                "a{2000}",
                "\\",
                "[[:nope:]]",
                "(?>a)",
                "\\k<x>",
                "\\Z"
            })
    void patternsThatRe2Refuses(String regex) {
        assertThrows(IllegalArgumentException.class, () -> PathPattern.of(regex), regex);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            .*\\.(js|json)$ ; /x/a.json ; true
            .*\\.(js|json)$ ; /x/a.json2 ; false
            (?i)\\.JS$ ; a.js ; true
            (?P<n>a)b ; ab ; true
            [[:alpha:]]+x ; abx ; true
            [a[] ; [ ; true
            [a&&b] ; & ; true
            a{,2} ; a{,2} ; true
            x*?y ; xxy ; true
            \\pL ; é ; true
            [^]a] ; b ; true
            ^\\Q/a.b*c\\E$ ; /a.b*c ; true
            ^\\Q/a.b*c\\E$ ; /axb*c ; false
            \\Qa.b ; xa.b ; true
            """)
    void patternsMeanTheSame(String regex, String text, boolean found) {
        assertEquals(found, PathPattern.of(regex.replace("\\\\", "\\")).isFoundIn(text), regex);
    }

    @Test
    void aSearchTakesLinearTimeWhateverThePattern() {
        PathPattern pattern = PathPattern.of("(.*)(.*)(.*)(.*)(.*)x$");
        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertFalse(pattern.isFoundIn("/" + "a".repeat(20_000) + "b")));
    }

    @Test
    void durations() {
        assertEquals(Optional.of(Duration.ofSeconds(5400)), GoDuration.parse("1h30m"));
        assertEquals(Optional.of(Duration.ofMillis(1500)), GoDuration.parse("1.5s"));
        assertEquals(Optional.of(Duration.ofSeconds(-5)), GoDuration.parse("-5s"));
        assertEquals(Optional.of(Duration.ZERO), GoDuration.parse("0"));
        for (String bad : new String[] {"", "5", "s", "5x", "5 s", "1d", "--5s", "5s5"}) {
            assertEquals(Optional.empty(), GoDuration.parse(bad), bad);
        }
        assertEquals(Optional.of(Duration.ofDays(7)), GoDuration.parseWithDays("7d"));
        assertEquals(
                Stream.of("0s", "4.999s", "2m0s", "1h0m0s", "1.5ms", "-5s", "25h0m1s")
                        .toList(),
                Stream.of(
                                Duration.ZERO,
                                Duration.ofMillis(4999),
                                Duration.ofMinutes(2),
                                Duration.ofHours(1),
                                Duration.ofNanos(1_500_000),
                                Duration.ofSeconds(-5),
                                Duration.ofHours(25).plusSeconds(1))
                        .map(GoDuration::format)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "0.7, 0.7, 0.7, 0.7",
        "123456, 123456, 123456, 123456",
        "1000000, 1e+06, 1000000, 1000000",
        "1234567.5, 1.2345675e+06, 1234567.5, 1234567.5",
        "0.00001, 1e-05, 0.00001, 0.00001",
        "0.0000001, 1e-07, 1e-7, 0.0000001",
        "1e21, 1e+21, 1e+21, 1000000000000000000000",
        "-2.50, -2.5, -2.5, -2.5",
        "100, 100, 100, 100"
    })
    void numbers(double number, String text, String json, String parameter) {
        assertEquals(text, Numbers.text(number));
        assertEquals(json, new Value.Decimal(number).toJson());
        assertEquals(parameter, new Value.Decimal(number).toParameterJson());
    }

    @Test
    void namesSortNaturally() {
        assertEquals(
                Stream.of("S1", "s1", "s1a", "s2", "s9", "s10", "s10b").toList(),
                Stream.of("s10b", "s2", "s10", "S1", "s9", "s1a", "s1")
                        .sorted(NaturalOrder.INSTANCE)
                        .toList());
    }

    @Test
    void aSecretIsNeverPrinted() {
        Secret secret = new Secret("the-key");
        assertEquals("********", secret.toString());
        assertEquals(true, secret.matches("the-key"));
        assertEquals(false, secret.matches("the-kez"));
        Config config =
                Loads.good("apiKeys: [the-key]\npeers: {p: {proxy: 'http://h', apiKey: peer-key, models: [m]}}\n");
        assertEquals(false, config.toString().contains("-key"), config.toString());
        assertEquals("say ******** and ********", config.redactor().redact("say the-key and peer-key"));
    }
}
