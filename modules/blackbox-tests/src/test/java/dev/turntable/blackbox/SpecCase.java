package dev.turntable.blackbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The cases of the behaviour specification's chapter 10 that a test proves against the image. {@link SpecCasesTest} says which must
 * be there.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface SpecCase {
    /** Their numbers, as printed: {@code "93"}, {@code "106a"}. */
    String[] value();

    /** Where Turntable is meant to do otherwise than the case says: the place that wants it, and what it does instead, in a sentence. */
    String differs() default "";
}
