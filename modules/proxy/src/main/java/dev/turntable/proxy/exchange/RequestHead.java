package dev.turntable.proxy.exchange;

import dev.turntable.upstream.Headers;

/**
 * The head of a request as the client wrote it.
 *
 * @param target path and query as on the wire; the authority of an absolute target is cut off
 */
public record RequestHead(String method, String target, Version version, Headers headers) {
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

    /** The query with its question mark; nothing without one. */
    public String queryPart() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query);
    }

    public String protocol() {
        return version.text();
    }

    /** True for a client that knows neither chunks nor interim answers. */
    public boolean old() {
        return version == Version.HTTP_1_0;
    }

    /** True when the client will read another answer where it reads this one. */
    public boolean keepAlive() {
        return version == Version.HTTP_1_1 && !headers.hasToken("Connection", "close");
    }
}
