package dev.turntable.proxy;

import dev.turntable.upstream.Input;
import io.helidon.webserver.ConnectionContext;

/** Where a request comes from and its answer goes: a connection of HTTP/1.1, or one stream of a connection of HTTP/2. */
sealed interface ClientSide permits ClientConnection, ClientStream {
    ConnectionContext context();

    /** Notices that the client left. */
    ClientWatch watch();

    /** What the client sends. */
    Input input();

    /** The client's address without port. */
    String peer();

    /** The time as a {@code Date} header shows it. */
    String date();

    /** Reads away what the client is still sending, so that an answer is not lost that came before the end of its request. */
    void linger();

    /** Ends it at once, which wakes whoever reads from it. */
    void shut();
}
