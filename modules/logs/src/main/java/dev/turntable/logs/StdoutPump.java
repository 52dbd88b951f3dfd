package dev.turntable.logs;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Writes one reader's stream to standard output. Owns the thread that does, since whoever reads standard output may stop reading, and
 * nobody else may have to wait for that.
 */
final class StdoutPump {
    /** Bytes that go out in one write when there is much to say. */
    private static final int WRITE_AT_ONCE = 32 * 1024;

    /** Rest after a write, so that a busy server is not woken for every line; what comes meanwhile leaves in one write. */
    private static final Duration REST = Duration.ofMillis(5);

    private final LogListener listener;
    private final Thread thread;

    StdoutPump(LogListener listener, OutputStream stdout) {
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("stdout").daemon().unstarted(() -> pump(stdout));
    }

    void start() {
        thread.start();
    }

    private void pump(OutputStream stdout) {
        OutputStream out = new BufferedOutputStream(stdout, WRITE_AT_ONCE);
        try {
            while (!listener.over()) {
                Optional<byte[]> chunk = listener.next(Duration.ofHours(1));
                while (chunk.isPresent()) {
                    out.write(chunk.get());
                    chunk = listener.next(Duration.ZERO);
                }
                out.flush();
                Thread.sleep(REST);
            }
        } catch (IOException e) {
            listener.end(); // nobody reads standard output any more; the streams go on
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what there is, and waits for that at most this long. */
    void close(Duration atMost) throws InterruptedException {
        listener.end();
        thread.join(atMost.toMillis());
    }
}
