package dev.turntable.proxy.http1;

/**
 * The head of a request as the client wrote it.
 *
 * @param target path and query as on the wire; the authority of an absolute target is cut off
 * @param minor 0 or 1, of HTTP/1
 */
public record RequestHead(String method, String target, int minor, Headers headers) {
    /** The path as on the wire. */
    public String rawPath() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The query as on the wire without its question mark; empty without one. */
    public String rawQuery() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /** True when there is a question mark, even with nothing behind it. */
    public boolean hasQuery() {
        return target.indexOf('?') >= 0;
    }

    public String protocol() {
        return "HTTP/1." + minor;
    }

    /** True when the client will read another answer on this connection. */
    public boolean keepAlive() {
        return minor == 1 && !headers.hasToken("Connection", "close");
    }
}
