package dev.turntable.http2;

import java.util.List;

/**
 * A request as its header section has it; checked, so that it can be written as HTTP/1.1 and be read there in one way only.
 *
 * @param authority from {@code :authority} or {@code host}
 * @param path path and query; empty for {@code CONNECT} only
 * @param length what {@code content-length} says of the body; -1 when it says nothing
 * @param fields in the order of the wire, without pseudo-fields and without {@code host}; lines of {@code cookie} are joined
 */
public record Request(String method, String authority, String path, long length, List<Field> fields) {
    public Request {
        fields = List.copyOf(fields);
    }
}
