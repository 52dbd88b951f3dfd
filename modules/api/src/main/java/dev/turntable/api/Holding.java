package dev.turntable.api;

import dev.turntable.event.Fact;
import java.util.Optional;

/**
 * {@code /api/hold}: keep the GPU free. While it is in force everything is unloaded and nothing is started; requests are refused with 503.
 * Our own addition.
 */
final class Holding {
    /** A note is for people; it stands in the journal for ever. */
    private static final int MAX_NOTE = 500;

    private final Core core;

    Holding(Core core) {
        this.core = core;
    }

    void show(Call call) {
        answer(call);
    }

    /** {@code POST /api/hold?note=…}. Placing it twice changes nothing but the note. */
    void place(Call call) {
        String note = call.query().given("note").orElse("");
        if (note.length() > MAX_NOTE) {
            throw ApiException.bad("note must be at most " + MAX_NOTE + " characters");
        }
        core.submit(new Fact.HoldPlaced(Operators.of(call), note));
        answer(call);
    }

    /** {@code DELETE /api/hold}. */
    void lift(Call call) {
        if (core.hold().isPresent()) {
            core.submit(new Fact.HoldLifted(Operators.of(call)));
        }
        answer(call);
    }

    private void answer(Call call) {
        Optional<String> hold = core.hold();
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeBooleanField("held", hold.isPresent());
            if (hold.isPresent()) {
                out.writeStringField("note", hold.get());
            }
            out.writeEndObject();
        });
    }
}
