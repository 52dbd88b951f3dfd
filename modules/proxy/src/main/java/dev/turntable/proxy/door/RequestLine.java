package dev.turntable.proxy.door;

/**
 * The first line of a request, as Helidon does not show it.
 *
 * @param method in the case it was written
 * @param target path and query as on the wire, as Latin-1; the authority of an absolute target is cut off
 * @param old HTTP/1.0
 */
public record RequestLine(String method, String target, boolean old) {}
