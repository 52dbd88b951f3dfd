package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.turntable.http2.Answer;
import dev.turntable.http2.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer of HTTP/1.1 is the same answer in HTTP/2, however it is cut into pieces. */
class AnswerFramesTest {
    private static final String DATE = "Date: today\r\n";

    /** What came out, as text: heads and trailers in brackets, data as it is, a full stop for the end. */
    private static final class Heard implements Answer {
        final StringBuilder text = new StringBuilder();

        @Override
        public void head(int status, List<Field> fields) {
            text.append('[').append(status).append(show(fields)).append(']');
        }

        @Override
        public void data(byte[] bytes, int offset, int count, boolean end) {
            text.append(new String(bytes, offset, count, StandardCharsets.ISO_8859_1))
                    .append(end ? "." : "");
        }

        @Override
        public void end(List<Field> trailers) {
            text.append(trailers.isEmpty() ? "" : "[" + show(trailers).strip() + "]")
                    .append('.');
        }

        @Override
        public void flush() {
            // Nothing waits here.
        }

        private static String show(List<Field> fields) {
            return fields.stream().map(f -> " " + f.name() + "=" + f.value()).collect(Collectors.joining());
        }
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(
                        "GET",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n" + DATE + "\r\nhello",
                        "[200 content-length=5 date=today]hello."),
                Arguments.of("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "[200 content-length=0]."),
                Arguments.of("GET", "HTTP/1.1 204 No Content\r\n" + DATE + "\r\n", "[204 date=today]."),
                Arguments.of("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "[200 content-length=5]."),
                Arguments.of(
                        "GET",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n",
                        "[200]one0123456789abcdef."),
                Arguments.of(
                        "GET",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\nX-B: \r\n\r\n",
                        "[200 trailer=X-Sum]a[x-sum=1 x-b=]."),
                Arguments.of("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "[200]."),
                Arguments.of(
                        "GET",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                + "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx",
                        "[100][103 link=</a>][404 content-length=1]x."),
                Arguments.of(
                        "GET",
                        "HTTP/1.1 200 OK\r\nKeep-Alive: 1\r\nProxy-Connection: x\r\nUpgrade: h2c\r\nX-U: \u00fc\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
                        "[200 x-u=\u00fc set-cookie=a set-cookie=b content-length=0]."),
                Arguments.of(
                        "GET",
                        "HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\nto the end",
                        "[200 content-type=x]to the end."));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void in_one_piece_and_in_two_and_byte_by_byte(String method, String written, String meant) throws Exception {
        byte[] bytes = written.getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut <= bytes.length; cut++) {
            Heard heard = new Heard();
            AnswerFrames frames = new AnswerFrames(heard, method);
            frames.write(bytes, 0, cut);
            frames.write(bytes, cut, bytes.length - cut);
            frames.end();
            assertEquals(meant, heard.text.toString(), "cut at " + cut);
        }
        Heard heard = new Heard();
        AnswerFrames frames = new AnswerFrames(heard, method);
        for (int i = 0; i < bytes.length; i++) {
            frames.write(bytes, i, 1);
        }
        frames.end();
        assertEquals(meant, heard.text.toString());
    }

    @ParameterizedTest
    @MethodSource("answers")
    void no_piece_that_is_missing_its_end_has_one(String method, String written, String meant) throws Exception {
        byte[] bytes = written.getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut < bytes.length; cut++) {
            Heard heard = new Heard();
            new AnswerFrames(heard, method).write(bytes, 0, cut);
            assertFalse(heard.text.toString().endsWith("."), "cut at " + cut);
        }
    }
}
