package dev.turntable.proxy;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;

/**
 * Hands one request to Helidon's own HTTP/1.1 connection and routing: the head rewritten so that it can be read in one way only, the body
 * bounded, the answer watched for its status and size. Whatever comes after the request stays with us.
 */
final class HelidonRelay {
    private static final System.Logger LOG = System.getLogger(HelidonRelay.class.getName());

    private final Http1ConnectionSelector http1 = Http1ConnectionSelector.builder()
            .config(Http1Config.builder()
                    .maxPrologueLength(2 << 20)
                    .maxHeadersSize(2 << 20)
                    .validateRequestHeaders(false)
                    .validatePrologue(false)
                    .validatePath(false)
                    .build())
            .build();

    void serve(Exchange exchange) throws IOException {
        RelayedAnswer writer = new RelayedAnswer(exchange);
        DataReader reader = new DataReader(new RelayedRequest(exchange)::next);
        ConnectionContext context = exchange.clientSide().context();
        ServerConnection connection =
                http1.connection(new ContextView(context, context.serverSocket(), reader, writer));
        try {
            ScopedValue.where(ClientWatch.CURRENT, exchange.clientSide().watch())
                    .run(() -> {
                        try {
                            connection.handle(FixedLimit.create());
                        } catch (InterruptedException stopping) {
                            Thread.currentThread().interrupt();
                            exchange.close();
                        }
                    });
            // A normal return is Helidon's way to say that this connection is over.
            exchange.close();
        } catch (CloseConnectionException endOfOurOneRequest) {
            LOG.log(System.Logger.Level.TRACE, "served", endOfOurOneRequest);
        } finally {
            exchange.clientSide().watch().quiet();
            writer.finish();
        }
    }
}
