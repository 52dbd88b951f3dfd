package dev.turntable.proxy;

import dev.turntable.config.Config;
import java.util.Optional;

/**
 * What will be done with a request, once its model is known.
 *
 * @param config read once, so that a reload in between changes nothing
 * @param asked the name the client wrote
 * @param selector id of the selector that chose
 * @param release gives the selector's reservation back
 * @param rawPath path to forward, escapes as written
 * @param shownPath that path decoded: how lists and rows show it
 * @param body the body that was read, or none when it is only passed on
 * @param tracked it stands in the in-flight list
 * @param metered it leaves an activity row, and a capture
 * @param loadingStream a stream of ours may tell the client that its model loads
 */
record Plan(
        Config config,
        Names.Meaning meaning,
        String asked,
        boolean streaming,
        Optional<String> selector,
        Runnable release,
        String rawPath,
        boolean hasQuery,
        String rawQuery,
        String shownPath,
        Optional<RequestBody> body,
        boolean tracked,
        boolean metered,
        boolean loadingStream) {}
