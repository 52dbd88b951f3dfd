package dev.turntable.proxy.naming;

import dev.turntable.proxy.exchange.PercentCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Fields of a query or an urlencoded body in their order, and how many parts could not be read (llama-swap §3.3). */
public record Form(List<Field> fields, boolean sound) {
    record Field(String name, String value) {}

    public Form {
        fields = List.copyOf(fields);
    }

    /** Reads {@code a=b&c=d}; text is Latin-1 as on the wire. A part with a semicolon or a bad escape is left out and the form is not sound. */
    public static Form parse(String text) {
        List<Field> fields = new ArrayList<>();
        boolean sound = true;
        for (String part : text.split("&")) {
            if (part.isEmpty()) {
                continue;
            }
            if (part.indexOf(';') >= 0) {
                sound = false;
                continue;
            }
            int equals = part.indexOf('=');
            Optional<String> name = PercentCodec.decodeQuery(equals < 0 ? part : part.substring(0, equals));
            Optional<String> value = PercentCodec.decodeQuery(equals < 0 ? "" : part.substring(equals + 1));
            if (name.isEmpty() || value.isEmpty()) {
                sound = false;
            } else {
                fields.add(new Field(name.get(), value.get()));
            }
        }
        return new Form(fields, sound);
    }

    Optional<String> first(String name) {
        return fields.stream().filter(f -> f.name().equals(name)).findFirst().map(Field::value);
    }

    /** The form with every field of that name replaced by one. */
    Form with(String name, String value) {
        List<Field> changed = new ArrayList<>(
                fields.stream().filter(f -> !f.name().equals(name)).toList());
        changed.add(new Field(name, value));
        return new Form(changed, sound);
    }

    /** Written with sorted names, values of one name in their order. */
    public String encode() {
        List<Field> sorted = new ArrayList<>(fields);
        sorted.sort(Comparator.comparing(Field::name));
        StringBuilder out = new StringBuilder();
        for (Field field : sorted) {
            out.append(out.isEmpty() ? "" : "&")
                    .append(PercentCodec.encodeQuery(field.name()))
                    .append('=')
                    .append(PercentCodec.encodeQuery(field.value()));
        }
        return out.toString();
    }
}
