/**
 * The json room: JSON as bytes. It finds a field without parsing the text around it, edits a value in place so that every other byte stays
 * as its writer left it, reads small pieces leniently, and writes string literals.
 *
 * <p>It knows nothing of ours. Start reading at {@link dev.turntable.json.JsonScan}, then {@link dev.turntable.json.JsonEdit}.
 */
module dev.turntable.json {
    requires transitive com.fasterxml.jackson.core;

    exports dev.turntable.json;
}
