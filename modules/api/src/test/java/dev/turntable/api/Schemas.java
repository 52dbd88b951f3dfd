package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;

/** As much of JSON Schema as the OpenAPI document uses: references, types, required and unknown properties, items, enumerations, alternatives. */
final class Schemas {
    private Schemas() {}

    static void check(Object document, Map<?, ?> schema, Object value, String where) {
        if (schema.containsKey("$ref")) {
            check(document, resolve(document, (String) schema.get("$ref")), value, where);
            return;
        }
        if (schema.get("anyOf") instanceof List<?> choices) {
            anyOf(document, choices, value, where);
            return;
        }
        if (schema.containsKey("type")) {
            List<?> types = schema.get("type") instanceof List<?> several ? several : List.of(schema.get("type"));
            assertTrue(
                    types.contains(type(value))
                            || types.contains("number") && type(value).equals("integer"),
                    where + " is " + type(value) + ", not " + types);
        }
        if (schema.get("enum") instanceof List<?> allowed) {
            assertTrue(allowed.contains(value), where + " is " + value + ", not one of " + allowed);
        }
        if (value instanceof Map<?, ?> object) {
            object(document, schema, object, where);
        } else if (value instanceof List<?> list && schema.get("items") instanceof Map<?, ?> items) {
            for (int i = 0; i < list.size(); i++) {
                check(document, items, list.get(i), where + "/" + i);
            }
        }
    }

    private static void object(Object document, Map<?, ?> schema, Map<?, ?> value, String where) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> given ? given : Map.of();
        if (schema.get("required") instanceof List<?> required) {
            required.forEach(name -> assertTrue(value.containsKey(name), where + " has no " + name));
        }
        value.forEach((name, one) -> {
            if (properties.get(name) instanceof Map<?, ?> known) {
                check(document, known, one, where + "/" + name);
            } else if (schema.get("additionalProperties") instanceof Map<?, ?> others) {
                check(document, others, one, where + "/" + name);
            } else {
                assertTrue(
                        !Boolean.FALSE.equals(schema.get("additionalProperties")), where + " has an unknown " + name);
            }
        });
    }

    private static void anyOf(Object document, List<?> choices, Object value, String where) {
        for (Object choice : choices) {
            try {
                check(document, (Map<?, ?>) choice, value, where);
                return;
            } catch (AssertionError next) {
                // Perhaps the next one.
            }
        }
        fail(where + " fits none of " + choices);
    }

    private static Map<?, ?> resolve(Object document, String reference) {
        Object here = document;
        for (String step : reference.substring(2).split("/")) {
            here = ((Map<?, ?>) here).get(step);
        }
        return (Map<?, ?>) here;
    }

    private static String type(Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "string";
            case Long number -> "integer";
            case Double number -> "number";
            case Boolean yes -> "boolean";
            case List<?> list -> "array";
            default -> "object";
        };
    }
}
