package dev.turntable.proxy.activity;

import dev.turntable.event.RequestId;
import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One recorded exchange (llama-swap §8.5), secrets already masked.
 *
 * @param path path as activity rows show it
 * @param requestHeaders canonical name to first value; never changed afterwards
 * @param requestBody after filters; empty when it is not recorded for this path
 * @param responseHeaders canonical name to first value, never changed afterwards; empty when not recorded
 * @param responseBody unpacked; empty when not recorded
 */
public record Capture(
        RequestId request,
        String path,
        SequencedMap<String, String> requestHeaders,
        Optional<byte[]> requestBody,
        SequencedMap<String, String> responseHeaders,
        Optional<byte[]> responseBody) {
    public Capture {
        requestHeaders = Collections.unmodifiableSequencedMap(requestHeaders);
        responseHeaders = Collections.unmodifiableSequencedMap(responseHeaders);
    }
}
