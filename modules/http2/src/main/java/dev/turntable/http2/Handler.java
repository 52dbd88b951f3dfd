package dev.turntable.http2;

/** Who answers the requests of a connection. */
public interface Handler {
    /** True when there is room for one more request; followed by one call of the others. False tells the client to try again later. */
    boolean admit();

    /** Answers a request, on a thread of its own. What is not answered when it returns is broken off. */
    void serve(Http2Stream stream);

    /** Answers a request whose header section was larger than the limit, of which nothing else is known. */
    void tooLarge(Http2Stream stream);
}
