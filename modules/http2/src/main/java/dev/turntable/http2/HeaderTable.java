package dev.turntable.http2;

/** The static and the dynamic table of one direction (RFC 7541 §2.3): what an index in a header block means. */
final class HeaderTable {
    /** The size a client may use unless it is told otherwise, and never is. */
    static final int MAX_SIZE = 4096;

    private static final Field[] STATIC = fields(
            ":authority",
            ":method GET",
            ":method POST",
            ":path /",
            ":path /index.html",
            ":scheme http",
            ":scheme https",
            ":status 200",
            ":status 204",
            ":status 206",
            ":status 304",
            ":status 400",
            ":status 404",
            ":status 500",
            "accept-charset",
            "accept-encoding gzip, deflate",
            "accept-language",
            "accept-ranges",
            "accept",
            "access-control-allow-origin",
            "age",
            "allow",
            "authorization",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "etag",
            "expect",
            "expires",
            "from",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "last-modified",
            "link",
            "location",
            "max-forwards",
            "proxy-authenticate",
            "proxy-authorization",
            "range",
            "referer",
            "refresh",
            "retry-after",
            "server",
            "set-cookie",
            "strict-transport-security",
            "transfer-encoding",
            "user-agent",
            "vary",
            "via",
            "www-authenticate");

    /** The newest at {@code newest}, the older ones behind it, around the end. No entry is smaller than 32. */
    private final Field[] dynamic = new Field[MAX_SIZE / 32];

    private int newest;
    private int count;
    private int size;
    private int limit = MAX_SIZE;

    private static Field[] fields(String... lines) {
        Field[] fields = new Field[lines.length];
        for (int i = 0; i < lines.length; i++) {
            int blank = lines[i].indexOf(' ');
            fields[i] = blank < 0
                    ? new Field(lines[i], "")
                    : new Field(lines[i].substring(0, blank), lines[i].substring(blank + 1));
        }
        return fields;
    }

    /** The index of a static entry of that name with this value, or else of that name as a negative number; 0 when there is none. */
    static int find(String name, String value) {
        int named = 0;
        for (int i = 0; i < STATIC.length; i++) {
            if (STATIC[i].name().equals(name)) {
                if (STATIC[i].value().equals(value) && !value.isEmpty()) {
                    return i + 1;
                }
                named = named == 0 ? -(i + 1) : named;
            }
        }
        return named;
    }

    Field get(int index) {
        if (index >= 1 && index <= STATIC.length) {
            return STATIC[index - 1];
        }
        int nth = index - STATIC.length - 1;
        if (nth < 0 || nth >= count) {
            throw Http2Exception.connection(ErrorCode.COMPRESSION_ERROR, "no entry of that index");
        }
        return dynamic[(newest + nth) % dynamic.length];
    }

    /** Adds an entry; one larger than the table empties it (RFC 7541 §4.4). */
    void add(Field field) {
        shrink(limit - field.size());
        if (field.size() <= limit) {
            newest = (newest + dynamic.length - 1) % dynamic.length;
            dynamic[newest] = field;
            count++;
            size += field.size();
        }
    }

    void limit(int bytes) {
        if (bytes > MAX_SIZE) {
            throw Http2Exception.connection(ErrorCode.COMPRESSION_ERROR, "a table larger than allowed");
        }
        limit = bytes;
        shrink(bytes);
    }

    private void shrink(int to) {
        while (count > 0 && size > to) {
            count--;
            int oldest = (newest + count) % dynamic.length;
            size -= dynamic[oldest].size();
            dynamic[oldest] = null;
        }
    }
}
