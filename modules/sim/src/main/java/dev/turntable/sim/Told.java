package dev.turntable.sim;

import dev.turntable.event.Event;
import dev.turntable.event.Policy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An event in one line for people: its wire name, then what it says, without what is empty. */
final class Told {
    private Told() {}

    static String of(Event event) {
        StringBuilder line = new StringBuilder(event.type());
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            String value = text(value(component, event));
            if (!value.isEmpty()) {
                line.append(' ').append(component.getName()).append('=').append(value);
            }
        }
        return line.toString();
    }

    private static Object value(RecordComponent component, Event event) {
        try {
            return component.getAccessor().invoke(event);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(component.getName(), e);
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Optional<?> o -> o.map(Told::text).orElse("");
            case OptionalInt o -> o.isPresent() ? String.valueOf(o.getAsInt()) : "";
            case List<?> l -> l.isEmpty() ? "" : l.toString();
            case Policy p ->
                p.models().size() + " models under " + p.router().getClass().getSimpleName();
            default -> value.toString();
        };
    }
}
