package dev.turntable.proxy.door;

import dev.turntable.upstream.Output;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What Helidon writes, collected with what we write ourselves, so that bytes leave in one order and a small answer in one piece. */
final class WireWriter implements DataWriter {
    private final Output output;
    private boolean muted;

    WireWriter(Output output) {
        this.output = output;
    }

    /** Lets Helidon say something that its client must not hear. */
    void muted(Runnable says) {
        muted = true;
        try {
            says.run();
        } finally {
            muted = false;
        }
    }

    @Override
    public void write(BufferData... buffers) {
        for (BufferData buffer : buffers) {
            write(buffer);
        }
    }

    @Override
    public void write(BufferData buffer) {
        if (muted) {
            return;
        }
        byte[] bytes = buffer.readBytes();
        try {
            output.write(bytes, 0, bytes.length);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    @Override
    public void writeNow(BufferData... buffers) {
        write(buffers);
        flush();
    }

    @Override
    public void writeNow(BufferData buffer) {
        write(buffer);
        flush();
    }

    @Override
    public void flush() {
        try {
            output.flush();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
