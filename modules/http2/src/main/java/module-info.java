/**
 * HTTP/2 on the wire, the server's side of it (RFC 9113, RFC 7541): frames, header compression, flow control both ways, and the limits
 * that keep one client from costing more than its share.
 *
 * <p>It knows nothing of ours and no library: bytes come in, requests go to a {@link dev.turntable.http2.Handler}, each on a thread of
 * its own. What a request means is not decided here. Start at {@link dev.turntable.http2.Http2Connection}.
 */
@SuppressWarnings("module") // a name should not end in a digit, but this digit is the protocol's
module dev.turntable.http2 {
    exports dev.turntable.http2;
}
