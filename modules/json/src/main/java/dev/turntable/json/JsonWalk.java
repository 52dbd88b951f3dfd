package dev.turntable.json;

/** Steps over the members of an object or the items of an array in a JSON text, tolerantly and without recursion. */
final class JsonWalk {
    /** Told of a member: where its key's quote stands, and its value. */
    @FunctionalInterface
    interface MemberVisitor {
        void member(int key, int from, int to);
    }

    /** Told of an item. */
    @FunctionalInterface
    interface ItemVisitor {
        void item(int from, int to);
    }

    private JsonWalk() {}

    static void members(byte[] json, int start, int to, MemberVisitor visitor) {
        int i = start + 1;
        while (i < to) {
            while (i < to && json[i] != '"') {
                if (json[i] == '}') {
                    return;
                }
                i++;
            }
            int keyEnd = stringEnd(json, i, to);
            if (keyEnd < 0) {
                return;
            }
            int from = valueStart(json, keyEnd, to);
            int end = from < to ? valueEnd(json, from, to) : -1;
            if (end < 0) {
                return;
            }
            visitor.member(i, from, end);
            i = end;
        }
    }

    static void items(byte[] json, int start, int to, ItemVisitor visitor) {
        int i = start + 1;
        while (i < to) {
            int from = i;
            while (from < to && !beginsValue(json[from])) {
                if (json[from] == ']') {
                    return;
                }
                from++;
            }
            int end = from < to ? valueEnd(json, from, to) : -1;
            if (end < 0) {
                return;
            }
            visitor.item(from, end);
            i = end;
        }
    }

    private static int valueStart(byte[] json, int from, int to) {
        int i = from;
        while (i < to && !beginsValue(json[i])) {
            i++;
        }
        return i;
    }

    private static boolean beginsValue(byte c) {
        return c == '"'
                || c == '{'
                || c == '['
                || c == 't'
                || c == 'f'
                || c == 'n'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '+'
                || c == 'i'
                || c == 'I'
                || c == 'N';
    }

    /** Index behind the value; -1 for a text that does not end. */
    static int valueEnd(byte[] json, int from, int to) {
        byte c = json[from];
        if (c == '"') {
            return stringEnd(json, from, to);
        }
        if (c == '{' || c == '[') {
            return compoundEnd(json, from, to);
        }
        int i = from + 1;
        while (i < to && json[i] > ' ' && json[i] != ',' && json[i] != ']' && json[i] != '}') {
            i++;
        }
        return i;
    }

    /** Index behind the closing quote; -1 when there is none. */
    static int stringEnd(byte[] json, int from, int to) {
        int i = from + 1;
        while (i < to) {
            if (json[i] == '"') {
                return i + 1;
            }
            i += json[i] == '\\' ? 2 : 1;
        }
        return -1;
    }

    private static int compoundEnd(byte[] json, int from, int to) {
        int depth = 0;
        int i = from;
        while (i < to) {
            byte c = json[i];
            if (c == '"') {
                int end = stringEnd(json, i, to);
                if (end < 0) {
                    return to;
                }
                i = end;
                continue;
            }
            if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i + 1;
            }
            i++;
        }
        return to;
    }
}
