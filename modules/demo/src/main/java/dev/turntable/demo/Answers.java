package dev.turntable.demo;

import dev.turntable.demo.Options.Option;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/** What the demo upstream says to a request: health, OpenAI's routes, an echo for the rest, and whatever the request orders. */
final class Answers {
    private static final String JSON = "application/json";

    private final Options options;
    private final List<String> words;
    private final long started;
    private final PrintStream out;
    private final String name;
    private final OpenAi openAi;
    private final AtomicInteger requests = new AtomicInteger();

    Answers(Options options, List<String> words, long started, PrintStream out) {
        this.options = options;
        this.words = words;
        this.started = started;
        this.out = out;
        this.name = options.text(Option.NAME).orElse("demo");
        this.openAi = new OpenAi(name, options.number(Option.TOKENS, 8), options.millis(Option.TOKEN_MS, 5));
    }

    void say(String line) {
        if (!options.has(Option.QUIET)) {
            out.println(name + " " + line);
        }
    }

    /** Answers one request; false when the connection is to be closed after it. */
    boolean answer(Request request, Response to) throws IOException {
        if (request.path().equals("/health") && !request.header("X-Demo").isPresent()) {
            return health(to);
        }
        Map<String, Object> body = Json.object(request.body());
        Order order = Order.of(request, body);
        if (request.method().equals("POST")) {
            say(request.method() + " " + request.target() + " " + request.length() + " bytes");
        }
        order.text("say").ifPresent(out::println);
        DemoUpstream.pause(order.millis("delay_ms", options.millis(Option.ANSWER_MS, 0)));
        order.text("until").ifPresent(DemoUpstream::awaitFile);
        if (order.has("hang")) {
            DemoUpstream.pause(Duration.ofHours(1));
        }
        int exit = exitCode(request, order);
        if (exit >= 0 && !streams(body)) {
            Runtime.getRuntime().halt(exit);
        }
        if (order.shapesAnswer()) {
            return shaped(request, order, to);
        }
        return routed(request, body, order, exit, to);
    }

    private boolean health(Response to) throws IOException {
        if (options.has(Option.HEALTH_HANG)) {
            DemoUpstream.pause(Duration.ofHours(1));
        }
        boolean loaded = System.nanoTime() - started
                        >= options.millis(Option.LOAD_MS, 0).toNanos()
                && options.text(Option.LOAD_UNTIL).map(DemoUpstream::isThere).orElse(true);
        int status = options.number(Option.HEALTH_STATUS, loaded && !options.has(Option.NEVER_READY) ? 200 : 503);
        String word = status == 200 ? "ok" : "loading model";
        to.send(status, JSON, bytes(Json.text(Json.of("status", word))), false);
        if (status == 200 && options.has(Option.EXIT_AFTER_HEALTH)) {
            Runtime.getRuntime().halt(options.number(Option.EXIT_AFTER_HEALTH, 9));
        }
        return true;
    }

    /** The code to end with in this answer, -1 to go on living. */
    private int exitCode(Request request, Order order) {
        boolean last = request.method().equals("POST")
                && requests.incrementAndGet() == options.number(Option.EXIT_AFTER_REQUESTS, -1);
        return last ? 9 : order.number("exit", -1);
    }

    private static boolean streams(Map<String, Object> body) {
        return Boolean.TRUE.equals(body.get("stream"));
    }

    private boolean routed(Request request, Map<String, Object> body, Order order, int exit, Response to)
            throws IOException {
        boolean head = request.method().equals("HEAD");
        switch (request.path()) {
            case "/v1/models" -> to.send(200, JSON, bytes(openAi.models()), head);
            case "/v1/chat/completions", "/v1/completions" -> {
                boolean chat = request.path().contains("chat");
                if (streams(body)) {
                    openAi.stream(chat, body, order, exit, to);
                } else {
                    to.send(200, JSON, bytes(openAi.completion(chat, request, body, order)), head);
                }
            }
            case "/v1/embeddings" -> to.send(200, JSON, bytes(openAi.embeddings(body)), head);
            case "/argv" -> to.send(200, JSON, bytes(argv(request)), head);
            default -> to.send(200, JSON, bytes(echo(request)), head);
        }
        return true;
    }

    /** Our arguments, folder and process, and the environment variables asked for. */
    private String argv(Request request) {
        var environment = new LinkedHashMap<String, Object>();
        Arrays.stream(request.query("env").orElse("").split(","))
                .filter(n -> System.getenv(n) != null)
                .forEach(n -> environment.put(n, System.getenv(n)));
        return Json.text(Json.of(
                "argv",
                words,
                "env",
                environment,
                "cwd",
                System.getProperty("user.dir"),
                "pid",
                ProcessHandle.current().pid()));
    }

    private String echo(Request request) {
        return Json.text(Json.of(
                "name", name,
                "pid", ProcessHandle.current().pid(),
                "method", request.method(),
                "target", request.target(),
                "headers", Connection.pairs(request.headers()),
                "length", request.length(),
                "sha256", request.isWhole() ? sha256(request.body()) : "",
                "body", request.body().length < 1 << 16 ? request.text() : ""));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** An answer made to order: status, headers, framing, and the ways to break off. */
    private boolean shaped(Request request, Order order, Response to) throws IOException {
        String die = order.text("die").orElse("");
        if (die.equals("before")) {
            to.cut();
            return false;
        }
        for (int status : order.numbers("early")) {
            to.interim(status);
        }
        byte[] body = body(request, order);
        String framing = order.text("framing").orElse("length");
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", JSON);
        if (order.has("gzip")) {
            headers.put("Content-Encoding", "gzip");
        }
        headers.putAll(
                switch (framing) {
                    case "chunked" -> Map.of("Transfer-Encoding", "chunked");
                    case "close" -> Map.of("Connection", "close");
                    default -> Map.of("Content-Length", "" + body.length);
                });
        headers.putAll(order.pairs("headers"));
        to.head(order.number("status", 200), List.copyOf(headers.entrySet()));
        if (die.equals("headers")) {
            to.cut();
            return false;
        }
        boolean half = die.equals("middle");
        byte[] sent = half ? Arrays.copyOf(body, body.length / 2) : body;
        if (framing.equals("chunked")) {
            to.chunk(sent);
        } else {
            to.raw(sent);
        }
        if (half) {
            to.cut();
            return false;
        }
        if (framing.equals("chunked")) {
            to.endChunks(order.pairs("trailers"));
        }
        return !framing.equals("close");
    }

    private byte[] body(Request request, Order order) throws IOException {
        byte[] plain = order.has("bytes")
                ? "x".repeat(order.number("bytes", 0)).getBytes(StandardCharsets.US_ASCII)
                : bytes(order.text("text").orElseGet(() -> echo(request)));
        if (!order.has("gzip")) {
            return plain;
        }
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(plain);
        }
        return zipped.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
