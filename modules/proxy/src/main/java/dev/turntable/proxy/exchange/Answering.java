package dev.turntable.proxy.exchange;

import dev.turntable.upstream.WireException;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Has a request answered, whatever happens on the way. */
public final class Answering {
    private static final System.Logger LOG = System.getLogger(Answering.class.getName());

    private Answering() {}

    /** Something that answers. */
    @FunctionalInterface
    public interface Answer {
        void run() throws Exception;
    }

    /** Returns when an answer has begun; throws {@link CloseConnectionException} when there will be none. */
    public static void of(Exchange exchange, Answer answer) {
        try {
            try {
                answer.run();
            } catch (WireException violation) {
                exchange.cut();
                if (exchange.status() == 0) {
                    exchange.refuse(violation.status());
                }
            } catch (RuntimeException bug) {
                if (bug instanceof CloseConnectionException || bug instanceof UncheckedIOException) {
                    throw bug;
                }
                LOG.log(System.Logger.Level.ERROR, "request failed: " + exchange.path(), bug);
                exchange.cut();
                if (exchange.status() == 0) {
                    exchange.error(500, "unspecific error: internal error");
                }
            }
        } catch (IOException | UncheckedIOException lost) {
            throw new CloseConnectionException("the client left", lost);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("the server stops", stopping);
        } catch (CloseConnectionException end) {
            throw end;
        } catch (Exception bug) {
            throw new CloseConnectionException("a request failed", bug);
        }
        if (exchange.status() == 0) {
            throw new CloseConnectionException("nobody is left to be answered");
        }
    }
}
