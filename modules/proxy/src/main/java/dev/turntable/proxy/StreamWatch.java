package dev.turntable.proxy;

import dev.turntable.http2.Http2Stream;

/** The watch over a stream of HTTP/2: its connection is read all the time, so there is nothing to be started. */
final class StreamWatch extends ClientWatch {
    private final Http2Stream stream;

    StreamWatch(Http2Stream stream) {
        this.stream = stream;
    }

    @Override
    public void onGone(Runnable callback) {
        stream.onGone(callback);
    }

    @Override
    boolean free() {
        return true;
    }

    @Override
    void quiet() {
        stream.onGone(() -> {});
    }
}
