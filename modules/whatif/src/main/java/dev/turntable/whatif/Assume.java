package dev.turntable.whatif;

import dev.turntable.whatif.traffic.Patience;
import dev.turntable.whatif.traffic.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the user wants assumed, in place of what the record says or does not: {@code -assume NAME=VALUE}.
 *
 * <p>{@code beside} and {@code beside.others}: how much longer an answer takes for each other one beside it, as a share; {@code pause}: a
 * client who was away for so long comes back by the clock; {@code patience}: never, or how long everybody waits; {@code load.MODEL},
 * {@code answer.MODEL}: how long a model loads, or answers where the record has no answer of it.
 */
record Assume(Map<String, String> values) {
    static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Set<String> NAMES = Set.of("beside", "beside.others", "pause", "patience");

    /** Throws {@link WhatIfException} for a name that means nothing or a value that is none. */
    static Assume of(List<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            boolean ofModel = name.startsWith("load.") || name.startsWith("answer.");
            if (equals < 0 || !NAMES.contains(name) && !ofModel) {
                List<String> names = new ArrayList<>(new TreeSet<>(NAMES));
                names.addAll(List.of("load.MODEL", "answer.MODEL"));
                throw new WhatIfException(
                        WhatIfException.Kind.USAGE, "-assume " + word + ": give one of " + names + " and a value");
            }
            values.put(name, word.substring(equals + 1));
        }
        Assume assume = new Assume(values);
        assume.number("beside");
        assume.number("beside.others");
        values.keySet().stream().filter(n -> !n.startsWith("beside")).forEach(n -> {
            if (!n.equals("patience") || !values.get(n).equals("never")) {
                assume.time(n);
            }
        });
        return assume;
    }

    Optional<Double> number(String name) {
        try {
            return Optional.ofNullable(values.get(name))
                    .map(Double::parseDouble)
                    .filter(n -> {
                        if (n >= 0 && n <= 1_000) {
                            return true;
                        }
                        throw new NumberFormatException();
                    });
        } catch (NumberFormatException e) {
            throw new WhatIfException(
                    WhatIfException.Kind.USAGE, "-assume " + name + " needs a number from 0 on: " + values.get(name));
        }
    }

    /** In microseconds. */
    Optional<Long> time(String name) {
        return Optional.ofNullable(values.get(name)).map(text -> Times.duration(text)
                .map(d -> d.toNanos() / 1_000)
                .orElseThrow(() -> new WhatIfException(
                        WhatIfException.Kind.USAGE,
                        "-assume " + name + " needs a time, like 250ms, 20s or 10m: " + text)));
    }

    long pause() {
        return time("pause").orElse(PAUSE.toNanos() / 1_000);
    }

    /** How long everybody waits, if the user has said so. */
    Optional<Long> patience() {
        return Optional.ofNullable(values.get("patience"))
                .map(text -> text.equals("never")
                        ? Patience.ENDLESS
                        : time("patience").orElseThrow());
    }
}
