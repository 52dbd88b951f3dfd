package dev.turntable.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces what a path with wildcards finds and never adds anything (llama-swap §6.1): {@code *} and {@code ?} stand for the first key that
 * matches, {@code #} for every item of an array. Paths that compute something ({@code |}, {@code @}, queries) find no place to replace.
 */
final class JsonWildcard {
    private record Place(int from, int to) {}

    private JsonWildcard() {}

    static byte[] replace(byte[] json, String path, byte[] raw) {
        if (path.contains("|") || path.contains("@") || path.contains("#(")) {
            return json;
        }
        List<Place> places = new ArrayList<>();
        int start = 0;
        while (start < json.length && json[start] != '{' && json[start] != '[') {
            start++;
        }
        if (start < json.length) {
            find(json, start, json.length, List.of(path.split("(?<!\\\\)\\.")), places);
        }
        JsonEdit.Out out = new JsonEdit.Out(json.length + raw.length * Math.max(1, places.size()));
        int at = 0;
        for (Place place : places) {
            out.write(json, at, place.from() - at);
            out.write(raw);
            at = place.to();
        }
        out.write(json, at, json.length - at);
        return out.toByteArray();
    }

    private static void find(byte[] json, int from, int to, List<String> steps, List<Place> places) {
        String step = steps.getFirst();
        List<String> rest = steps.subList(1, steps.size());
        List<Place> here = new ArrayList<>();
        if (json[from] == '[') {
            List<Place> items = new ArrayList<>();
            JsonWalk.items(json, from, to, (f, t) -> items.add(new Place(f, t)));
            if (step.equals("#") && !rest.isEmpty()) {
                here.addAll(items);
            } else if (step.matches("[0-9]{1,9}") && Integer.parseInt(step) < items.size()) {
                here.add(items.get(Integer.parseInt(step)));
            }
        } else if (json[from] == '{') {
            JsonWalk.members(json, from, to, (key, f, t) -> {
                int end = JsonWalk.stringEnd(json, key, to);
                String name = JsonText.unescape(new String(json, key + 1, end - key - 2, StandardCharsets.UTF_8));
                if (here.isEmpty() && matches(name, step)) {
                    here.add(new Place(f, t));
                }
            });
        }
        for (Place place : here) {
            if (rest.isEmpty()) {
                places.add(place);
            } else {
                find(json, place.from(), place.to(), rest, places);
            }
        }
    }

    /**
     * {@code *} is any text, {@code ?} one character, a backslash hides either. After a mismatch only the last star takes more, so that a key
     * costs at most its length times that of the pattern.
     */
    private static boolean matches(String name, String pattern) {
        int n = 0;
        int p = 0;
        int star = -1;
        int starAt = 0;
        while (n < name.length() || p < pattern.length()) {
            boolean more = p < pattern.length();
            if (more && pattern.charAt(p) == '*') {
                star = p++;
                starAt = n;
                continue;
            }
            boolean hidden = more && pattern.charAt(p) == '\\' && p + 1 < pattern.length();
            char wanted = more ? pattern.charAt(hidden ? p + 1 : p) : 0;
            if (more && n < name.length() && (wanted == name.charAt(n) || wanted == '?' && !hidden)) {
                p += hidden ? 2 : 1;
                n++;
            } else if (star >= 0 && starAt < name.length()) {
                p = star + 1;
                n = ++starAt;
            } else {
                return false;
            }
        }
        return true;
    }
}
