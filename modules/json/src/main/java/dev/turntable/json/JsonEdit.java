package dev.turntable.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Edits a JSON text in place: bytes that need not change do not (llama-swap §2.7, §6.1, §13.2). Parameter names are paths: {@code a.b} is
 * nested, {@code \.} a literal dot, a number an array index, {@code :1} a numeric key, {@code -1} the end of an array.
 */
public final class JsonEdit {
    /** A path that cannot be applied; the request fails with 500. */
    public static final class NotPossible extends Exception {
        private static final long serialVersionUID = 1L;

        NotPossible(String message) {
            super(message, null, false, false);
        }
    }

    /** A value where it stands; {@code member} is where its key (or itself, in an array) begins. */
    private record Place(int member, int from, int to) {}

    private JsonEdit() {}

    /** Sets a value, given as JSON text; missing objects and arrays on the way are made. */
    public static byte[] set(byte[] json, String path, String value) throws NotPossible {
        if (path.isEmpty()) {
            throw new NotPossible("path cannot be empty");
        }
        byte[] raw = value.getBytes(StandardCharsets.UTF_8);
        if (JsonPath.complex(path)) {
            return JsonWildcard.replace(json, path, raw);
        }
        Out out = new Out(json.length + raw.length + 64);
        set(out, json, 0, json.length, JsonPath.steps(path), raw);
        return out.toByteArray();
    }

    /** Removes a value; a missing one is no change. */
    public static byte[] delete(byte[] json, String path) throws NotPossible {
        if (path.isEmpty() || JsonPath.complex(path)) {
            throw new NotPossible("wildcard characters not allowed in path");
        }
        int from = 0;
        int to = json.length;
        List<JsonPath.Step> steps = JsonPath.steps(path);
        for (int i = 0; i < steps.size(); i++) {
            Optional<Place> place = locate(json, from, to, steps.get(i));
            if (place.isEmpty()) {
                return json;
            }
            if (i == steps.size() - 1) {
                return without(json, place.get(), from);
            }
            from = place.get().from();
            to = place.get().to();
        }
        return json;
    }

    // Deleting

    private static byte[] without(byte[] json, Place place, int container) {
        int cut = place.member();
        while (cut > container && json[cut - 1] <= ' ' && json[cut - 1] >= 0) {
            cut--;
        }
        int end = place.to();
        byte before = json[cut - 1];
        if (before == ',') {
            cut--;
        } else {
            if (before == '[') {
                cut = place.member();
            }
            int next = end;
            while (next < json.length && json[next] <= ' ' && json[next] >= 0) {
                next++;
            }
            if (next < json.length && json[next] == ',') {
                end = next + 1;
            }
        }
        byte[] result = new byte[cut + json.length - end];
        System.arraycopy(json, 0, result, 0, cut);
        System.arraycopy(json, end, result, cut, json.length - end);
        return result;
    }

    // Setting

    private static void set(Out out, byte[] json, int from, int to, List<JsonPath.Step> steps, byte[] raw)
            throws NotPossible {
        JsonPath.Step step = steps.getFirst();
        Optional<Place> place = locate(json, from, to, step);
        if (place.isPresent()) {
            out.write(json, from, place.get().from() - from);
            if (steps.size() > 1) {
                set(out, json, place.get().from(), place.get().to(), steps.subList(1, steps.size()), raw);
            } else {
                out.write(raw);
            }
            out.write(json, place.get().to(), to - place.get().to());
            return;
        }
        int start = firstVisible(json, from, to);
        byte kind = start < to ? json[start] : 0;
        if (from == 0) {
            // The whole body: what stands before its object does not survive a new key, as with the reference's editor.
            for (int i = from; i < to && kind != '{' && kind != '['; i++) {
                start = i;
                kind = json[i];
            }
        }
        if (kind == '{') {
            addMember(out, json, start, to, steps, raw);
        } else if (kind == '[') {
            addItem(out, json, start, to, steps, raw);
        } else {
            boolean array = step.isIndex() || step.isEnd();
            out.write(array ? '[' : '{');
            if (array && step.isIndex()) {
                out.repeat("null,", Integer.parseInt(step.part()));
            }
            build(out, array, steps, raw);
            out.write(array ? ']' : '}');
        }
    }

    private static void addMember(Out out, byte[] json, int start, int to, List<JsonPath.Step> steps, byte[] raw) {
        int end = to - 1;
        while (end > start && json[end] != '}') {
            end--;
        }
        if (end == start) {
            // Cut off: there is no end to add anything before.
            out.write(json, start, to - start);
            return;
        }
        out.write(json, start, end - start);
        if (json[firstVisible(json, start + 1, to)] != '}') {
            out.write(',');
        }
        build(out, false, steps, raw);
        out.write('}');
    }

    private static void addItem(Out out, byte[] json, int start, int to, List<JsonPath.Step> steps, byte[] raw)
            throws NotPossible {
        JsonPath.Step step = steps.getFirst();
        if (!step.isIndex() && !step.isEnd()) {
            throw new NotPossible("cannot set array element for non-numeric key '" + step.part() + "'");
        }
        List<Place> items = items(json, start, to);
        if (step.isEnd()) {
            int end = to - 1;
            while (end > start && json[end] != ']') {
                end--;
            }
            out.write(json, start, end - start);
            if (!items.isEmpty()) {
                out.write(',');
            }
        } else {
            out.write('[');
            for (Place item : items) {
                out.write(json, item.from(), item.to() - item.from());
                out.write(',');
            }
            out.repeat("null,", Integer.parseInt(step.part()) - items.size());
        }
        build(out, true, steps, raw);
        out.write(']');
    }

    private static void build(Out out, boolean array, List<JsonPath.Step> steps, byte[] raw) {
        if (!array) {
            out.write(JsonText.quote(steps.getFirst().part()).getBytes(StandardCharsets.UTF_8));
            out.write(':');
        }
        if (steps.size() == 1) {
            out.write(raw);
            return;
        }
        JsonPath.Step next = steps.get(1);
        boolean inner = next.isIndex() || next.isEnd();
        out.write(inner ? '[' : '{');
        if (next.isIndex()) {
            out.repeat("null,", Integer.parseInt(next.part()));
        }
        build(out, inner, steps.subList(1, steps.size()), raw);
        out.write(inner ? ']' : '}');
    }

    // Finding

    private static int firstVisible(byte[] json, int from, int to) {
        int i = from;
        while (i < to - 1 && json[i] <= ' ' && json[i] >= 0) {
            i++;
        }
        return i;
    }

    private static Optional<Place> locate(byte[] json, int from, int to, JsonPath.Step step) {
        int start = from;
        while (start < to && json[start] != '{' && json[start] != '[') {
            if (from > 0 && (json[start] > ' ' || json[start] < 0)) {
                return Optional.empty();
            }
            start++;
        }
        if (start >= to) {
            return Optional.empty();
        }
        if (json[start] == '{') {
            return members(json, start, to).stream()
                    .filter(m -> key(json, m).equals(step.part()))
                    .findFirst();
        }
        if (!step.isIndex()) {
            return Optional.empty();
        }
        List<Place> items = items(json, start, to);
        int index = Integer.parseInt(step.part());
        return index < items.size() ? Optional.of(items.get(index)) : Optional.empty();
    }

    private static String key(byte[] json, Place member) {
        int end = JsonWalk.stringEnd(json, member.member(), json.length);
        return JsonText.unescape(
                new String(json, member.member() + 1, end - member.member() - 2, StandardCharsets.UTF_8));
    }

    private static List<Place> members(byte[] json, int start, int to) {
        List<Place> members = new ArrayList<>();
        JsonWalk.members(json, start, to, (key, from, end) -> members.add(new Place(key, from, end)));
        return members;
    }

    private static List<Place> items(byte[] json, int start, int to) {
        List<Place> items = new ArrayList<>();
        JsonWalk.items(json, start, to, (from, end) -> items.add(new Place(from, from, end)));
        return items;
    }

    /** A growing array that does not pretend to fail. */
    static final class Out extends ByteArrayOutputStream {
        Out(int size) {
            super(size);
        }

        @Override
        public void write(byte[] bytes) {
            write(bytes, 0, bytes.length);
        }

        void repeat(String text, int times) {
            for (int i = 0; i < times; i++) {
                write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
