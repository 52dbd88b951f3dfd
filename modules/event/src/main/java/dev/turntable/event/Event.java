package dev.turntable.event;

/** Anything that stands in the journal: a fact from outside, or a decision the core drew from one. */
public sealed interface Event permits Fact, Decision {

    /** Wire name of this event, as its {@link EventType} says. */
    default String type() {
        return getClass().getAnnotation(EventType.class).value();
    }
}
