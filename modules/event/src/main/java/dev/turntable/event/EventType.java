package dev.turntable.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name and version an event carries in the journal and on the wire: dotted, lower case, past tense.
 *
 * <p>It is written down instead of derived, so that renaming a Java class never changes a recorded journal.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {
    /** Wire name, for example {@code request.arrived}. */
    String value();

    /** Version of the record's shape; a change that is not a new optional field takes the next one. */
    int version() default 1;
}
