package dev.turntable.config.loading.keys;

import dev.turntable.config.Timeouts;
import java.time.Duration;
import java.util.Optional;

/**
 * Decodes a {@code timeouts} block; keys that are not given keep their default, 0 is no limit (llama-swap §2.6). Only {@code keepalive}
 * means something below 0: none.
 */
final class TimeoutKeys {
    private TimeoutKeys() {}

    static Timeouts decode(Conversions owner, Timeouts defaults) {
        Optional<Conversions> block = owner.child("timeouts", "config.TimeoutsConfig");
        return block.map(timeouts -> new Timeouts(
                        seconds(timeouts, "connect", defaults.connect()),
                        keepalive(timeouts, defaults.keepalive()),
                        seconds(timeouts, "responseHeader", defaults.responseHeader()),
                        seconds(timeouts, "tlsHandshake", defaults.tlsHandshake()),
                        seconds(timeouts, "expectContinue", defaults.expectContinue()),
                        seconds(timeouts, "idleConn", defaults.idleConn())))
                .orElse(defaults);
    }

    private static Duration keepalive(Conversions timeouts, Duration fallback) {
        var given = timeouts.whole("keepalive");
        return given.isPresent() && given.getAsLong() < 0
                ? Timeouts.NO_KEEPALIVE
                : seconds(timeouts, "keepalive", fallback);
    }

    private static Duration seconds(Conversions timeouts, String key, Duration fallback) {
        var given = timeouts.whole(key);
        return given.isPresent() ? ServerKeys.seconds(given.getAsLong()) : fallback;
    }
}
