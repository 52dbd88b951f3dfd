package dev.turntable.proxy.forward;

import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Stage;
import dev.turntable.json.JsonText;
import dev.turntable.proxy.admission.Admission;
import dev.turntable.proxy.exchange.Dialect;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.upstream.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Tells the client of a stream that its model loads (llama-swap §4.8): in a chat as thoughts of the model, which are a frame, the name, how
 * long this usually takes (our addition), its place in the queue, a remark now and then, a dot every 750 ms; elsewhere as the sign of life
 * that the dialect allows. All waiting is waiting for the answer.
 */
final class LoadingStream {
    private static final String BAR = "━━━━━";
    private static final long TICK = Duration.ofMillis(750).toNanos();
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);
    private static final int PIECE = 5;
    private static final int BYTES_PER_SECOND = 75;
    private static final String[] REMARKS = {
        "Warming up the tensors",
        "Reading the weights, one gigabyte at a time",
        "Finding room on the GPU",
        "Good things take a moment",
        "Counting parameters",
        "Unpacking what was quantised",
        "The fans are spinning up",
        "Almost certainly making progress",
        "Large models wake slowly",
        "Filling caches",
    };

    private final Exchange exchange;
    private final Admission.Pending pending;
    private final Dialect dialect;
    private final String chunkBegin;
    private final String model;
    private final Optional<Duration> usual;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final long start = System.nanoTime();
    private Optional<AdmissionResult> answer = Optional.empty();

    /** {@code asked} is the name the client knows the model by. */
    LoadingStream(Exchange exchange, Admission.Pending pending, String asked, String model, Optional<Duration> usual) {
        this.exchange = exchange;
        this.pending = pending;
        this.dialect = Dialect.of(exchange.path());
        this.chunkBegin = "data: {\"id\":\"chatcmpl-" + pending.request()
                + "\",\"object\":\"chat.completion.chunk\",\"created\":"
                + Instant.now().getEpochSecond() + ",\"model\":" + JsonText.quote(asked)
                + ",\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":";
        this.model = model;
        this.usual = usual;
    }

    /** Streams until the answer is there; the response has begun afterwards. */
    Optional<AdmissionResult> run() throws IOException {
        Headers headers = new Headers();
        headers.add("Content-Type", "text/event-stream");
        headers.add("Cache-Control", "no-cache");
        headers.add("Connection", "keep-alive");
        headers.add("X-Accel-Buffering", "no");
        exchange.begin(200, "", headers, -1);
        try {
            if (dialect == Dialect.CHAT) {
                opening();
                ticks();
            } else {
                signsOfLife();
            }
        } catch (InterruptedException stopping) {
            pending.abandon(Stage.LOADING, Actor.SHUTDOWN);
            Thread.currentThread().interrupt();
            return Optional.of(new AdmissionResult.Refused(
                    dev.turntable.event.ShedReason.SHUTTING_DOWN, "group is shutting down", Optional.empty()));
        }
        if (dialect == Dialect.CHAT && !(answer.orElseThrow() instanceof AdmissionResult.Gone)) {
            closing();
        }
        return answer;
    }

    private void signsOfLife() throws IOException, InterruptedException {
        while (answer.isEmpty()) {
            send(
                    dialect == Dialect.MESSAGES
                            ? "event: ping\ndata: {\"type\":\"ping\"}\n\n"
                            : ": loading " + model.replaceAll("\\R", " ") + "\n\n");
            answer = pending.await(SIGN_OF_LIFE);
        }
    }

    private void opening() throws IOException, InterruptedException {
        say(BAR);
        say("\n");
        typed("llama-swap loading model: " + model);
        say("\n");
        if (usual.isPresent() && answer.isEmpty()) {
            typed("usually ready after " + seconds(usual.get()) + "s");
            say("\n");
        }
    }

    private void ticks() throws IOException, InterruptedException {
        Optional<Integer> told = Optional.empty();
        long nextRemark = System.nanoTime();
        while (answer.isEmpty()) {
            answer = pending.await(Duration.ofNanos(TICK));
            if (answer.isPresent()) {
                return;
            }
            Optional<Integer> position = pending.queuePosition();
            long now = System.nanoTime();
            if (position.isPresent() && !position.equals(told)) {
                told = position;
                say("\n");
                typed("Queue position: #" + position.get());
                say(" ");
                nextRemark = now + remarkPause();
            } else if (now - nextRemark >= 0) {
                say("\n");
                typed(REMARKS[random.nextInt(REMARKS.length)]);
                say(" ");
                nextRemark = now + remarkPause();
            } else {
                say(".");
            }
        }
    }

    private long remarkPause() {
        return Duration.ofMillis(5000 + random.nextInt(4000)).toNanos();
    }

    private void closing() throws IOException {
        say("\n");
        say("Done! (" + seconds(Duration.ofNanos(System.nanoTime() - start)) + "s)");
        say("\n");
        say(BAR);
        say("\n");
        say(" ");
        say("\n");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f", time.toNanos() / 1e9);
    }

    /** Sends text a few characters at a time, as if it were thought of; at once when the answer is there. */
    private void typed(String text) throws IOException, InterruptedException {
        int[] points = text.codePoints().toArray();
        if (answer.isPresent()) {
            say(text);
            return;
        }
        for (int from = 0; from < points.length; from += PIECE) {
            String piece = new String(points, from, Math.min(PIECE, points.length - from));
            say(piece);
            if (answer.isEmpty() && from + PIECE < points.length) {
                int bytes = piece.getBytes(StandardCharsets.UTF_8).length;
                answer = pending.await(Duration.ofNanos(bytes * 1_000_000_000L / BYTES_PER_SECOND));
            }
        }
    }

    private void say(String text) throws IOException {
        send(chunkBegin + JsonText.quote(text) + "},\"finish_reason\":null}]}\n\n");
    }

    private void send(String event) throws IOException {
        byte[] frame = event.getBytes(StandardCharsets.UTF_8);
        exchange.write(frame, 0, frame.length);
        exchange.flush();
    }
}
