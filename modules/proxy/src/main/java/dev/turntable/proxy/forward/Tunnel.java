package dev.turntable.proxy.forward;

import dev.turntable.event.Outcome;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.metering.Result;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.Input;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.ResponseHead;
import dev.turntable.upstream.UpstreamConnection;
import java.io.IOException;

/** A connection that left HTTP: bytes pass both ways, untouched and at once, until either end closes (llama-swap §6.6). */
final class Tunnel {
    private Tunnel() {}

    static Result run(Call call, UpstreamConnection upstream, ResponseHead head) throws IOException {
        Exchange exchange = call.exchange();
        Headers headers = head.headers().copy();
        exchange.close();
        exchange.begin(101, head.reason(), headers, -1);
        exchange.flush();
        Input client = exchange.input();
        Thread up = Thread.ofVirtual().name("tunnel-up").start(() -> {
            copy(client, upstream.output());
            // A client that is done ends the tunnel: there is no half of a WebSocket.
            upstream.close();
        });
        long before = exchange.raw().written();
        copy(upstream.input(), exchange.raw());
        call.endIfInterrupted();
        exchange.sent(101, exchange.raw().written() - before);
        upstream.close();
        exchange.cut();
        exchange.shut();
        try {
            up.join();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return Result.of(call.ended() == Call.Ended.CANCELLED ? Outcome.CANCELLED : Outcome.OK, 101);
    }

    private static void copy(Input from, Output to) {
        try {
            while (from.buffered() > 0 || from.fill()) {
                byte[] bytes = from.drain();
                to.write(bytes, 0, bytes.length);
                to.flush();
            }
        } catch (IOException ended) {
            to.discard();
        }
    }
}
