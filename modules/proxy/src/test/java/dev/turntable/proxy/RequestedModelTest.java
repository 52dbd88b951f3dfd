package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.proxy.body.BodyStore;
import dev.turntable.proxy.body.Budget;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.RequestHead;
import dev.turntable.proxy.exchange.Version;
import dev.turntable.proxy.naming.RequestedModel;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.Input;
import dev.turntable.upstream.MessageBody;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model name of a request is found where the contract says, and nowhere else (llama-swap §3.3). */
class AskedTest {
    @TempDir
    Path folder;

    private String name(String method, String target, String type, String body) throws Exception {
        return name(method, target, type, body.getBytes(StandardCharsets.UTF_8), 1 << 20);
    }

    private String name(String method, String target, String type, byte[] body, long inMemory) throws Exception {
        Headers headers = new Headers();
        if (!type.isEmpty()) {
            headers.add("Content-Type", type);
        }
        headers.add("Content-Length", Integer.toString(body.length));
        RequestHead head = new RequestHead(method, target, Version.HTTP_1_1, headers);
        MessageBody message = MessageBody.ofStream(new Bytes(body), body.length);
        BodyStore store = new BodyStore(folder, inMemory, new Budget(1L << 30), () -> 1L << 30);
        try (RequestBody read = RequestBody.read(store, message)) {
            return RequestedModel.of(head, read)
                    .map(a -> a.name() + (a.streaming() ? " stream" : ""))
                    .orElse("-");
        }
    }

    /** Bytes that arrive a few at a time. */
    private static final class Bytes extends Input {
        private final byte[] all;
        private int at;

        Bytes(byte[] all) {
            this.all = all;
        }

        @Override
        public boolean fill() {
            if (at == all.length) {
                return false;
            }
            int end = Math.min(all.length, at + 3000);
            append(java.util.Arrays.copyOfRange(all, at, end));
            at = end;
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"a\"} | a",
                "{\"model\":\"a\",\"model\":\"b\"} | a",
                "xyz {\"model\":\"a\"} trailing } | a",
                "{\"model\":\"a\",\"messages\":[{\"role\": | a",
                "{\"model\":\"a | -",
                "{\"x\":1 \"model\":\"a\"} | a",
                "{'model':'a'} | -",
                "[{\"model\":\"a\"}] | -",
                "{\"x\":{\"model\":\"a\"}} | -",
                "{\"Model\":\"a\"} | -",
                "{\"m\\u006fdel\":\"\\u0061\"} | a",
                "{\"model\":\"org\\/alias\"} | org/alias",
                "{\"model\":5} | 5",
                "{\"model\":1.50} | 1.5",
                "{\"model\":1e3} | 1000",
                "{\"model\":true} | true",
                "{\"model\":null} | -",
                "{\"model\":[1, 2]} | [1, 2]",
                "{\"model\":{\"a\":1}} | {\"a\":1}",
                "{\"model\":\" a \"} | ` a `",
                "{\"x\":\"\\\"model\\\":\\\"no\\\"\",\"model\":\"a\"} | a",
                "{\"stream\":true,\"model\":\"a\"} | a stream",
                "{\"stream\":\"True\",\"model\":\"a\"} | a stream",
                "{\"stream\":2,\"model\":\"a\"} | a stream",
                "{\"stream\":0,\"model\":\"a\"} | a",
                "{\"stream\":\"yes\",\"model\":\"a\"} | a",
            })
    void json(String body, String expected) throws Exception {
        assertEquals(expected, name("POST", "/v1/chat/completions", "application/json; charset=utf-8", body));
    }

    @Test
    void jsonDoesNotLookAtTheQueryAndOtherTypesDo() throws Exception {
        assertEquals("-", name("POST", "/v1/x?model=q", "application/json", "{}"));
        assertEquals("q", name("POST", "/v1/x?model=q", "", "{}"));
        assertEquals("q", name("POST", "/v1/x?model=q", "text/plain", "model: {\"model\":\"a\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``",
                "text/plain",
                "Application/JSON",
                "APPLICATION/JSON; charset=UTF-8",
                "application/x-www-form-urlencoded",
                "application/vnd.api+json",
                "application/octet-stream",
                "multipart/form-data",
                "multipart/form-data; boundary=Bo",
                "nonsense",
            })
    void aBodyThatIsJsonIsReadAsSuchWhateverTypeItSays(String type) throws Exception {
        for (String body : new String[] {
            "{\"model\":\"a=b&c\",\"stream\":true}",
            " \r\n\t{ \"x\": 1, \"model\": \"a=b&c\", \"stream\": true",
            "\ufeff{\"model\":\"a=b&c\",\"stream\":true}"
        }) {
            assertEquals("a=b&c stream", name("POST", "/v1/x?model=q", type == null ? "" : type, body), type);
        }
    }

    @Test
    void forms() throws Exception {
        String form = "application/x-www-form-urlencoded";
        assertEquals("a b", name("POST", "/v1/x?model=q", form, "z=1&model=a+b"));
        assertEquals("q", name("POST", "/v1/x?model=q", form, "z=1"));
        assertEquals("-", name("POST", "/v1/x", form, "model=a&x=%zz"));
        assertEquals("-", name("POST", "/v1/x?y=1;2", form, "model=a"));
        assertEquals("ü", name("POST", "/v1/x", form, "model=%C3%BC"));
    }

    @Test
    void queries() throws Exception {
        assertEquals("a", name("GET", "/props?x=%zz&model=a&model=b", "application/json", ""));
        assertEquals("org/a stream", name("GET", "/props?model=org%2Fa&stream=true", "", ""));
        assertEquals("a", name("HEAD", "/props?model=a", "", ""));
    }

    @Test
    void multipart() throws Exception {
        String type = "multipart/form-data; boundary=\"Bo\"";
        String file =
                "--Bo\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n--Bo binary\r\n--Bonus\r\n";
        String model = "--Bo\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\na\r\n";
        assertEquals("a", name("POST", "/v1/x", type, file + model + "--Bo--\r\n"));
        assertEquals("a", name("POST", "/v1/x", type, "preamble\r\n" + model + file + "--Bo--epilogue"));
        assertEquals("q", name("POST", "/v1/x?model=q", type, file + "--Bo--\r\n"));
        assertEquals("-", name("POST", "/v1/x", type, model));
        assertEquals("-", name("POST", "/v1/x", "multipart/form-data", model + "--Bo--\r\n"));
        assertEquals("-", name("POST", "/v1/x", "multipart/form-data; boundary=other", model + "--Bo--\r\n"));
        String asFile = model.replace("name=\"model\"", "name=\"model\"; filename=\"m\"");
        assertEquals("-", name("POST", "/v1/x", type, asFile + "--Bo--\r\n"));
    }

    @Test
    void aBodyOnDiskIsReadLikeOneInMemoryAndLeavesNoFile() throws Exception {
        String far = "{\"messages\":\"" + "y".repeat(500_000) + "\",\"model\":\"a\"}";
        assertEquals("a", name("POST", "/v1/x", "application/json", far.getBytes(StandardCharsets.UTF_8), 10_000));
        try (var files = java.nio.file.Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }
}
