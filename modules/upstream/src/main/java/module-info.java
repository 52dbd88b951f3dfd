/**
 * The upstream room: HTTP/1.1 on the wire, as whoever asks a model or a peer speaks it: connections and their pool, heads, bodies.
 *
 * <p>It knows nothing of ours and no library. What a request means, and what an answer is worth, is decided by those who use it.
 *
 * <p>Start reading at {@link dev.turntable.upstream.UpstreamPool}, then {@link dev.turntable.upstream.UpstreamConnection} and {@link
 * dev.turntable.upstream.MessageBody}.
 */
module dev.turntable.upstream {
    requires jdk.net;

    exports dev.turntable.upstream;
}
