package dev.turntable.proxy.forward;

import dev.turntable.event.Actor;
import dev.turntable.event.Outcome;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.metering.AnswerReader;
import dev.turntable.proxy.metering.Meter;
import dev.turntable.proxy.metering.Result;
import dev.turntable.proxy.metering.Unpacking;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.ProxyEnvironment;
import dev.turntable.upstream.ResponseHead;
import dev.turntable.upstream.Target;
import dev.turntable.upstream.UpstreamConnection;
import dev.turntable.upstream.UpstreamPool;
import dev.turntable.upstream.WireException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Sends a request upstream and passes the answer on, piece by piece. Owns the connections to upstreams. What it must get right is the end: an
 * answer that was not read to its end is never passed on as if it were.
 */
public final class Forwarder implements AutoCloseable {
    /** A failure before anything was answered; the caller says it in its own words. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean timedOut;

        Failed(String message, boolean timedOut) {
            super(message, null, false, false);
            this.timedOut = timedOut;
        }

        /** The upstream is there but did not begin its answer in time. */
        boolean timedOut() {
            return timedOut;
        }
    }

    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    /** An error is read for its message up to here. */
    private static final int ERROR_BODY = 64 * 1024;

    private static final String CUT_OFF = "the upstream ended before its answer was complete";

    private final UpstreamPool pool;
    private final Pumps pumps = new Pumps();
    private final SlowAnswers lookout = new SlowAnswers();

    public Forwarder(UpstreamPool pool) {
        this.pool = pool;
    }

    UpstreamPool pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
        pumps.close();
        lookout.close();
    }

    /**
     * Forwards and answers. {@link Failed} only when nothing was sent to the client. A connection that was used before and ends before the
     * first byte of an answer was closed by an upstream that had not read the request: it is sent once more, on a fresh one.
     */
    Result forward(Call call, Outgoing out, Retry retry, Meter meter, boolean begun) throws Failed {
        // A body that is only passed on is gone once it was sent, so it never relies on a connection that was used.
        // Nor is there one to a process that has not taken any.
        boolean fresh = !out.repeatable() || retry.patience().isPositive();
        while (true) {
            UpstreamConnection connection = connect(call, out, retry, fresh);
            call.uses(connection);
            try {
                ResponseHead head = send(call, connection, out);
                return answer(call, connection, out, head, meter, begun);
            } catch (ClientLost lost) {
                return lost(call, connection, 0);
            } catch (SocketTimeoutException late) {
                connection.close();
                throw new Failed("timeout awaiting response headers", true);
            } catch (WireException malformed) {
                connection.close();
                throw new Failed("malformed answer: " + malformed.getMessage(), false);
            } catch (IOException lost) {
                connection.close();
                String why = reason(lost, lost instanceof EOFException ? "EOF" : "connection lost");
                if (!fresh
                        && connection.stale()
                        && call.ended() == Call.Ended.NO
                        && retry.alive().getAsBoolean()) {
                    fresh = true;
                    retry.told().accept(why);
                    continue;
                }
                throw new Failed(why, false);
            } finally {
                call.released();
            }
        }
    }

    /**
     * When a request may be tried again.
     *
     * @param alive whether who is asked still lives
     * @param patience how long a refused connection is tried again, for a process that may not listen yet
     * @param told of each request that is sent once more, with what the first connection said
     */
    public record Retry(BooleanSupplier alive, Duration patience, Consumer<String> told) {
        private static final Duration PAUSE = Duration.ofMillis(25);
    }

    private static String reason(IOException e, String otherwise) {
        return e.getMessage() == null ? otherwise : e.getMessage();
    }

    private UpstreamConnection connect(Call call, Outgoing out, Retry retry, boolean fresh) throws Failed {
        if (call.ended() != Call.Ended.NO) {
            throw new Failed("context canceled", false);
        }
        try {
            return fresh
                    ? connect(out.target(), retry, () -> call.ended() != Call.Ended.NO)
                    : pool.acquire(out.target());
        } catch (IOException refused) {
            throw new Failed(reason(refused, "connection refused"), false);
        }
    }

    /** A new connection; where nobody listens yet, tried again with patience until {@code over} says that nobody wants it any more. */
    UpstreamConnection connect(Target target, Retry retry, BooleanSupplier over) throws IOException {
        long until = System.nanoTime() + retry.patience().toNanos();
        while (true) {
            try {
                return pool.connect(target);
            } catch (IOException refused) {
                if (System.nanoTime() - until >= 0
                        || over.getAsBoolean()
                        || Thread.currentThread().isInterrupted()
                        || !retry.alive().getAsBoolean()) {
                    throw refused;
                }
                LockSupport.parkNanos(Retry.PAUSE.toNanos());
            }
        }
    }

    // Sending

    private ResponseHead send(Call call, UpstreamConnection connection, Outgoing out) throws IOException {
        Output wire = connection.output();
        IOException broken = null;
        try {
            head(wire, out);
            body(wire, connection, out);
        } catch (ClientLost lost) {
            throw lost;
        } catch (IOException maybeAnsweredEarly) {
            // An upstream may answer and close before it has read everything: its answer counts, if there is one.
            broken = maybeAnsweredEarly;
        }
        try {
            ResponseHead head = firstHead(call, connection, out);
            while (head.interim()) {
                interim(call, head);
                head = connection.readHead(out.headerTimeout());
            }
            return head;
        } catch (SocketTimeoutException | ClientLost late) {
            throw late;
        } catch (IOException none) {
            if (broken != null) {
                none.addSuppressed(broken);
            }
            throw none;
        }
    }

    /** Passes an interim answer on, unless it only says what we have said already. */
    private static void interim(Call call, ResponseHead head) throws ClientLost {
        if (head.status() == 100) {
            return;
        }
        try {
            call.exchange().interim(head.status(), head.reason(), HeaderRules.endToEnd(head.headers()));
        } catch (IOException lost) {
            throw new ClientLost(lost);
        }
    }

    /** Waits for the answer; when it takes its time, somebody starts to watch the client. */
    private ResponseHead firstHead(Call call, UpstreamConnection connection, Outgoing out) throws IOException {
        lookout.waits(call);
        try {
            return connection.readHead(out.headerTimeout());
        } finally {
            lookout.answered(call);
        }
    }

    /** Writes the request line and the header lines, framing included. */
    void head(Output wire, Outgoing out) throws IOException {
        ProxyEnvironment.Hop hop = pool.environment().hop(out.target());
        String target = hop.absolute() ? "http://" + out.target().authority() + out.path() : out.path();
        wire.text(out.method()).text(" ").text(target).text(" HTTP/1.1\r\n");
        Headers headers = out.headers();
        for (int i = 0; i < headers.size(); i++) {
            wire.text(headers.name(i)).text(": ").text(headers.value(i)).text("\r\n");
        }
        if (hop.absolute() && hop.credentials().isPresent()) {
            wire.text("Proxy-Authorization: ").text(hop.credentials().get()).text("\r\n");
        }
        if (out.passing().isPresent()) {
            MessageBody passing = out.passing().get();
            switch (passing.framing()) {
                case LENGTH -> wire.text("Content-Length: " + passing.length() + "\r\n");
                case CHUNKED, CLOSE -> wire.text("Transfer-Encoding: chunked\r\n");
                case NONE -> noBody(wire, out);
            }
        } else if (out.body().map(RequestBody::length).orElse(0L) > 0) {
            wire.text("Content-Length: " + out.body().get().length() + "\r\n");
        } else {
            noBody(wire, out);
        }
        wire.text("\r\n");
    }

    private static void noBody(Output wire, Outgoing out) throws IOException {
        switch (out.method()) {
            case "POST", "PUT", "PATCH" -> wire.text("Content-Length: 0\r\n");
            default -> {}
        }
    }

    private static void body(Output wire, UpstreamConnection connection, Outgoing out) throws IOException {
        if (out.body().isPresent()) {
            RequestBody body = out.body().get();
            if (!body.onDisk()) {
                // Small ones leave in one write with their head.
                wire.write(body.bytes(), 0, (int) body.length());
            }
            wire.flush();
            if (body.onDisk()) {
                body.send(connection, 0, body.length());
            }
        } else if (out.passing().isPresent()) {
            passing(wire, out.passing().get());
        }
        wire.flush();
    }

    private static void passing(Output wire, MessageBody body) throws IOException {
        boolean chunked = body.endless();
        int window = fromClient(body);
        while (window > 0) {
            if (chunked) {
                wire.chunk(body.array(), body.offset(), window);
            } else {
                wire.write(body.array(), body.offset(), window);
            }
            body.consume(window);
            wire.flush();
            window = fromClient(body);
        }
        if (chunked) {
            wire.text("0\r\n\r\n");
        }
    }

    private static int fromClient(MessageBody body) throws IOException {
        try {
            return body.ready(true);
        } catch (IOException | WireException gone) {
            throw new ClientLost(gone);
        }
    }

    // Answering

    private Result answer(
            Call call, UpstreamConnection connection, Outgoing out, ResponseHead head, Meter meter, boolean begun)
            throws IOException {
        call.answered();
        if (head.status() == 101) {
            return tunnel(call, connection, out, head);
        }
        MessageBody body = MessageBody.ofResponse(connection.input(), head, out.method());
        boolean unpack = out.unpack()
                && head.headers()
                        .first("Content-Encoding")
                        .map("gzip"::equalsIgnoreCase)
                        .orElse(false)
                && !body.done();
        Relay relay = new Relay(call, body, meter);
        try {
            if (begun && head.status() >= 400) {
                return errorBehindStream(call, connection, head, body, meter);
            }
            relay.begin(head, unpack, begun);
            boolean stream = relay.eager();
            boolean whole = stream ? pumps.run(relay::run, () -> call.breakOff(Actor.SHUTDOWN)) : relay.run();
            return finished(call, connection, head, whole);
        } catch (ClientLost lost) {
            return lost(call, connection, call.exchange().status());
        }
    }

    /** An error whose status comes too late for the client, which has a stream of ours already: it ends as such a stream does. */
    private static Result errorBehindStream(
            Call call, UpstreamConnection connection, ResponseHead head, MessageBody body, Meter meter)
            throws ClientLost {
        byte[] said = new byte[0];
        try {
            said = body.beginning(ERROR_BODY);
            said = Unpacking.needed(head.headers()) ? Unpacking.unpack(head.headers(), said) : said;
        } catch (IOException | WireException unreadable) {
            LOG.log(System.Logger.Level.DEBUG, "an error without a readable body", unreadable);
        }
        connection.close();
        try {
            String message = AnswerReader.errorText(head.status(), said);
            return Refusals.afterStream(call, meter, Outcome.UPSTREAM_ERROR, head.status(), message);
        } catch (IOException lost) {
            throw new ClientLost(lost);
        }
    }

    private static Result lost(Call call, UpstreamConnection connection, int status) {
        call.endIfInterrupted();
        connection.close();
        call.exchange().cut();
        boolean cancelled = call.ended() == Call.Ended.CANCELLED;
        return Result.of(cancelled ? Outcome.CANCELLED : Outcome.CLIENT_GONE, status);
    }

    private static Result tunnel(Call call, UpstreamConnection connection, Outgoing out, ResponseHead head)
            throws ClientLost {
        if (!HeaderRules.webSocket(out.headers())) {
            throw new WireException(502, "an upgrade that nobody asked for");
        }
        try {
            return Tunnel.run(call, connection, head);
        } catch (IOException lost) {
            throw new ClientLost(lost);
        }
    }

    private Result finished(Call call, UpstreamConnection connection, ResponseHead head, boolean whole) {
        int status = call.exchange().status();
        if (!whole) {
            call.endIfInterrupted();
            connection.close();
            call.exchange().cut();
            return switch (call.ended()) {
                case NO -> new Result(Outcome.UPSTREAM_DIED, status, Optional.of(CUT_OFF), false);
                case CLIENT_GONE -> Result.of(Outcome.CLIENT_GONE, status);
                case CANCELLED -> Result.of(Outcome.CANCELLED, status);
            };
        }
        if (head.keepAlive() && connection.input().buffered() == 0) {
            call.released();
            pool.release(connection);
        } else {
            connection.close();
        }
        return Result.of(head.status() < 400 ? Outcome.OK : Outcome.UPSTREAM_ERROR, status);
    }

    /** The client's side of the connection failed; not the upstream's fault. */
    static final class ClientLost extends IOException {
        private static final long serialVersionUID = 1L;

        ClientLost(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }
}
