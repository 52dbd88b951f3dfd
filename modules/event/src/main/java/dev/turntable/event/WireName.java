package dev.turntable.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name that tells one choice of a sealed interface from the others in the journal, for choices that are no events (those have an
 * {@link EventType}). It is written down instead of derived, so that renaming a Java class never changes a recorded journal.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface WireName {
    /** Wire name, for example {@code start_deadline}. */
    String value();
}
