package dev.turntable.upstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** Header lines in the order and spelling of the wire; text is Latin-1, so that every byte survives. Names compare without case. */
public final class Headers {
    private String[] names = new String[16];
    private String[] values = new String[16];
    private int size;

    public Headers() {}

    public int size() {
        return size;
    }

    public void add(String name, String value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        names[size] = name;
        values[size++] = value;
    }

    /** Replaces every line of that name by one, at the place of the first, or at the end. */
    public void set(String name, String value) {
        int at = indexOf(name, 0);
        if (at < 0) {
            add(name, value);
            return;
        }
        values[at] = value;
        int kept = at + 1;
        for (int i = at + 1; i < size; i++) {
            if (!names[i].equalsIgnoreCase(name)) {
                names[kept] = names[i];
                values[kept++] = values[i];
            }
        }
        size = kept;
    }

    public void remove(String name) {
        removeIf((n, v) -> n.equalsIgnoreCase(name));
    }

    public void removeIf(BiPredicate<String, String> unwanted) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!unwanted.test(names[i], values[i])) {
                names[kept] = names[i];
                values[kept++] = values[i];
            }
        }
        size = kept;
    }

    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** The first value of that name. */
    public Optional<String> first(String name) {
        int at = indexOf(name, 0);
        return at < 0 ? Optional.empty() : Optional.of(values[at]);
    }

    public List<String> all(String name) {
        List<String> found = new ArrayList<>(2);
        for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 1)) {
            found.add(values[at]);
        }
        return found;
    }

    public void forEach(BiConsumer<String, String> each) {
        for (int i = 0; i < size; i++) {
            each.accept(names[i], values[i]);
        }
    }

    public String name(int at) {
        return names[at];
    }

    public String value(int at) {
        return values[at];
    }

    /** True when a comma-separated list of that name has the token, in any case. */
    public boolean hasToken(String name, String token) {
        for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 1)) {
            if (listHas(values[at], token)) {
                return true;
            }
        }
        return false;
    }

    /** True when they belong to a stream of server-sent events. */
    public boolean eventStream() {
        return first("Content-Type")
                .map(type -> type.toLowerCase(Locale.ROOT).contains("text/event-stream"))
                .orElse(false);
    }

    private static boolean listHas(String list, String token) {
        if (list.equalsIgnoreCase(token)) {
            return true;
        }
        if (list.indexOf(',') < 0 && list.length() == token.length()) {
            return false;
        }
        for (String part : list.split(",")) {
            if (part.strip().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    public Headers copy() {
        Headers copy = new Headers();
        copy.names = names.clone();
        copy.values = values.clone();
        copy.size = size;
        return copy;
    }

    private int indexOf(String name, int from) {
        for (int i = from; i < size; i++) {
            String candidate = names[i];
            if (candidate.length() == name.length() && candidate.equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }
}
