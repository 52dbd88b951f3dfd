package dev.turntable.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One request as it came over the wire: names and order of the headers untouched.
 *
 * @param body what was kept of it; a large body is read to its end but not kept, so it is no JSON then
 * @param length bytes that came
 */
record Request(String method, String target, String version, List<Header> headers, byte[] body, long length) {

    record Header(String name, String value) {}

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** The target without its query. */
    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** The value of {@code name} in the query; nothing is decoded. */
    Optional<String> query(String name) {
        int at = target.indexOf(name + "=");
        if (target.indexOf('?') < 0 || at < 0) {
            return Optional.empty();
        }
        int end = target.indexOf('&', at);
        return Optional.of(target.substring(at + name.length() + 1, end < 0 ? target.length() : end));
    }

    /** Whether all of the body was kept. */
    boolean isWhole() {
        return body.length == length;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    boolean keepsAlive() {
        String connection = header("Connection").orElse("");
        return version.equals("HTTP/1.1")
                ? !connection.equalsIgnoreCase("close")
                : connection.equalsIgnoreCase("keep-alive");
    }
}
