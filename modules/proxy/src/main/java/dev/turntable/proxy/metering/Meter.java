package dev.turntable.proxy.metering;

import dev.turntable.upstream.Headers;

/** Looks at an answer on its way to the client. Called on the thread that passes it on; must be quick and bounded. */
public interface Meter {
    /** Sees nothing. */
    Meter NONE = new Meter() {
        @Override
        public void head(int status, Headers headers) {}

        @Override
        public void bytes(byte[] bytes, int offset, int count) {}

        @Override
        public void progress() {}
    };

    /** The head as the client gets it. */
    void head(int status, Headers headers);

    /** A piece of the body as the client gets it. */
    void bytes(byte[] bytes, int offset, int count);

    /** Everything so far was sent. */
    void progress();
}
