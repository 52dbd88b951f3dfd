package dev.turntable.http2;

import java.io.IOException;
import java.util.List;

/** How a request is answered, piece by piece and in this order. Each throws when the client does not want the answer any more. */
public interface Answer {
    /** The header section of the answer, or of an interim one (1xx) that is sent at once. The last of them waits for data or {@link #flush}. */
    void head(int status, List<Field> fields) throws IOException;

    /** Some of the body; blocks while the client does not want more. {@code end}: it is the last. */
    void data(byte[] bytes, int offset, int count, boolean end) throws IOException;

    /** The end of an answer whose last data was not said to be that. */
    void end(List<Field> trailers) throws IOException;

    /** Sends what waits. */
    void flush() throws IOException;
}
