package dev.turntable.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a header section must be to become a request: nothing passes that HTTP/1.1 would read as something else. */
class RequestFieldsTest {
    private static final String SOUND = ":method: POST|:scheme: https|:authority: a.b:1|:path: /x?y|";

    private static RequestFields fields(String lines) {
        RequestFields fields = new RequestFields(10_000);
        for (String line : lines.split("\\|")) {
            int colon = line.indexOf(": ", 1);
            fields.accept(new Field(line.substring(0, colon), line.substring(colon + 2)));
        }
        return fields;
    }

    @Test
    void a_sound_one_is_a_request() {
        RequestFields fields =
                fields(SOUND + "cookie: a=1|accept: */*|cookie: b=2|content-length: 12|te: trailers|host: A.B:1");
        assertEquals(Optional.empty(), fields.violation(false));
        assertEquals(
                new Request(
                        "POST",
                        "a.b:1",
                        "/x?y",
                        12,
                        List.of(
                                new Field("accept", "*/*"),
                                new Field("te", "trailers"),
                                new Field("cookie", "a=1; b=2"))),
                fields.request());
    }

    @Test
    void a_host_stands_in_for_the_authority() {
        RequestFields fields = fields(":method: GET|:path: /|:scheme: http|host: h");
        assertEquals(Optional.empty(), fields.violation(true));
        assertEquals("h", fields.request().authority());
        assertEquals(-1, fields.request().length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":scheme: https|:authority: a|:path: /",
                ":method: G T|:scheme: https|:authority: a|:path: /",
                ":method: GET|:authority: a|:path: /",
                ":method: GET|:scheme: ftp|:authority: a|:path: /",
                ":method: GET|:scheme: https|:path: /",
                ":method: GET|:scheme: https|:authority: a",
                ":method: GET|:scheme: https|:authority: a|:path: ",
                ":method: GET|:scheme: https|:authority: a|:path: x",
                ":method: GET|:scheme: https|:authority: a|:path: *",
                ":method: GET|:scheme: https|:authority: a|:path: http://b/",
                ":method: GET|:scheme: https|:authority: a|:path: / HTTP/1.1\r\nX: y",
                ":method: GET|:scheme: https|:authority: a|:path: /a b",
                ":method: GET|:scheme: https|:authority: a|:path: /\u0000",
                ":method: GET|:scheme: https|:authority: a\r\nX: y|:path: /",
                ":method: GET|:scheme: https|:authority: u@a|:path: /",
                ":method: GET|:scheme: https|:authority: a/b|:path: /",
                ":method: GET|:method: GET|:scheme: https|:authority: a|:path: /",
                ":method: GET|:scheme: https|:scheme: https|:authority: a|:path: /",
                ":method: GET|:scheme: https|:authority: a|:authority: a|:path: /",
                ":method: GET|:scheme: https|:authority: a|:path: /|:path: /",
                ":method: GET|:scheme: https|:authority: a|:path: /|:status: 200",
                ":method: GET|:scheme: https|:authority: a|:path: /|:protocol: websocket",
                ":method: GET|x: y|:scheme: https|:authority: a|:path: /",
                ":method: GET|content-length: 1|:scheme: https|:authority: a|:path: /",
                ":method: CONNECT|:scheme: https|:authority: a|:path: /",
            })
    void pseudo_fields_that_are_wrong(String lines) {
        assertTrue(fields(lines).violation(false).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: x",
                "x y: z",
                "x\r\ny: z",
                "x: a\r\nHost: b",
                "x: a\nb",
                "x: a\u0000",
                "x: \u007f",
                "x:  a",
                "x: a ",
                "x: \ta",
                "connection: close",
                "connection: transfer-encoding",
                "keep-alive: 1",
                "proxy-connection: close",
                "transfer-encoding: chunked",
                "upgrade: h2c",
                "te: gzip",
                "te: trailers, deflate",
                "host: b",
                "host: a.b:1|host: a.b:1",
                "content-length: -1",
                "content-length: +1",
                "content-length: 1 ",
                "content-length: 0x1",
                "content-length: ",
                "content-length: 1, 1",
                "content-length: 1|content-length: 2",
                "content-length: 99999999999999999999",
            })
    void fields_that_are_wrong(String line) {
        assertTrue(fields(SOUND + line).violation(false).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"content-length: 1, true", "content-length: 0, false", "accept: x, false"})
    void a_length_wants_a_body(String line, boolean wrong) {
        assertEquals(wrong, fields(SOUND + line).violation(true).isPresent());
    }

    @Test
    void what_is_too_large_is_not_kept() {
        RequestFields fields = new RequestFields(1000);
        for (int i = 0; i < 1_000_000; i++) {
            fields.accept(new Field("x", "y".repeat(900)));
        }
        assertTrue(fields.tooLarge());
    }
}
