package dev.turntable.http2;

/** One field line: a lower-case name and its value; the characters are the bytes of the wire (Latin-1). */
public record Field(String name, String value) {
    /** What a field line is said to take, in a table and against a limit (RFC 7541 §4.1). */
    int size() {
        return name.length() + value.length() + 32;
    }
}
