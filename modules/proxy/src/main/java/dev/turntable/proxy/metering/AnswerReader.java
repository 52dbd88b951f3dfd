package dev.turntable.proxy.metering;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import dev.turntable.json.JsonShortener;
import dev.turntable.json.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Reads an answer as it passes and finds what it says of its tokens, in constant memory however long it is. */
public sealed interface AnswerReader {
    /** One factory for all: it holds no state but its settings. Depth and length of untrusted answers are bounded by Jackson itself. */
    JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(10_000).build())
            .build();

    /** Strings of an answer are read up to here: none that tells of tokens is longer. */
    int LONGEST_STRING = 4096;

    void feed(byte[] bytes, int offset, int count);

    /** What was found by the end. */
    Usage end();

    /** For an answer whose body tells nothing. */
    record Blind() implements AnswerReader {
        @Override
        public void feed(byte[] bytes, int offset, int count) {}

        @Override
        public Usage end() {
            return new Usage();
        }
    }

    /** Lines of an event stream; only those that mention tokens are parsed. */
    final class Events implements AnswerReader {
        /** A longer line is nobody's usage report. */
        private static final int MAX_LINE = 1 << 20;

        private final Usage usage = new Usage();
        private byte[] line = new byte[512];
        private int length;
        private boolean overlong;
        private Optional<JsonShortener> shortener = Optional.empty();

        @Override
        public void feed(byte[] bytes, int offset, int count) {
            int from = offset;
            int end = offset + count;
            for (int i = offset; i < end; i++) {
                if (bytes[i] == '\n') {
                    if (length == 0 && !overlong) {
                        line(bytes, from, i);
                    } else {
                        keep(bytes, from, i);
                        finishLine();
                    }
                    from = i + 1;
                }
            }
            keep(bytes, from, end);
        }

        private void keep(byte[] bytes, int from, int to) {
            if (overlong) {
                return;
            }
            if (shortener.isEmpty() && length + to - from > MAX_LINE) {
                shorten();
            }
            shortener.ifPresentOrElse(
                    strings -> strings.feed(bytes, from, to - from, this::add), () -> add(bytes, from, to - from));
        }

        /** A line this long has long strings in it: what is kept already goes through the same hands as what comes. */
        private void shorten() {
            byte[] before = line;
            int count = length;
            line = new byte[MAX_LINE / 16];
            length = 0;
            JsonShortener strings = new JsonShortener(LONGEST_STRING);
            strings.feed(before, 0, count, this::add);
            shortener = Optional.of(strings);
        }

        private void add(byte[] bytes, int from, int more) {
            if (overlong || length + more > MAX_LINE) {
                overlong = true;
                return;
            }
            if (length + more > line.length) {
                line = Arrays.copyOf(line, Math.max(line.length * 2, length + more));
            }
            System.arraycopy(bytes, from, line, length, more);
            length += more;
        }

        private void finishLine() {
            if (!overlong) {
                line(line, 0, length);
            }
            length = 0;
            overlong = false;
            shortener = Optional.empty();
        }

        private void line(byte[] bytes, int start, int end) {
            int from = start;
            while (from < end && bytes[from] <= ' ' && bytes[from] >= 0) {
                from++;
            }
            if (end - from < 7
                    || bytes[from] != 'd'
                    || bytes[from + 1] != 'a'
                    || bytes[from + 2] != 't'
                    || bytes[from + 3] != 'a'
                    || bytes[from + 4] != ':'
                    || !mentions(bytes, from + 5, end)) {
                return;
            }
            JsonTree.parse(JSON, bytes, from + 5, end - from - 5).ifPresent(usage::event);
        }

        /** A quick look for the three words before anything is parsed. */
        private static boolean mentions(byte[] bytes, int from, int end) {
            for (int i = from; i < end - 6; i++) {
                if (bytes[i] == '"'
                        && (is(bytes, i, end, "\"usage\"")
                                || is(bytes, i, end, "\"timings\"")
                                || is(bytes, i, end, "\"metrics\""))) {
                    return true;
                }
            }
            return false;
        }

        private static boolean is(byte[] bytes, int at, int end, String word) {
            if (at + word.length() > end) {
                return false;
            }
            for (int i = 1; i < word.length(); i++) {
                if (bytes[at + i] != word.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public Usage end() {
            finishLine();
            return usage;
        }
    }

    /** One JSON value: the three fields of its top level, or of the last item of a list where the route answers with one. */
    final class Whole implements AnswerReader {
        private final JsonParser parser;
        private final ByteArrayFeeder feeder;
        private final JsonShortener strings = new JsonShortener(LONGEST_STRING);
        private final boolean list;
        private Usage usage = new Usage();
        private Optional<JsonTree.Builder> building = Optional.empty();
        private String field = "";
        private int depth;
        private boolean rootList;
        private boolean broken;
        private boolean complete;

        /** {@code list}: the answer may be a list, whose last item counts ({@code /infill}). */
        public Whole(boolean list) {
            this.list = list;
            try {
                parser = JSON.createNonBlockingByteArrayParser();
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
            feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
        }

        @Override
        public void feed(byte[] bytes, int offset, int count) {
            if (broken || count == 0) {
                return;
            }
            strings.feed(bytes, offset, count, this::parse);
        }

        private void parse(byte[] bytes, int offset, int count) {
            try {
                feeder.feedInput(bytes, offset, offset + count);
                tokens();
            } catch (IOException notJson) {
                broken = true;
            }
        }

        private void tokens() throws IOException {
            JsonToken token = parser.nextToken();
            while (token != null && token != JsonToken.NOT_AVAILABLE) {
                token(token);
                token = parser.nextToken();
            }
        }

        private void token(JsonToken token) throws IOException {
            if (building.isPresent()) {
                if (building.get().accept(token, parser)) {
                    found(building.get().result());
                    building = Optional.empty();
                }
                return;
            }
            if (token == JsonToken.FIELD_NAME) {
                field = parser.currentName();
                boolean top = depth == 1 && !rootList || depth == 2 && rootList && list;
                if (top
                        && (field.equals("usage") && !rootList
                                || field.equals("timings")
                                || field.equals("metrics") && !rootList)) {
                    building = Optional.of(new JsonTree.Builder());
                }
            } else if (token.isStructStart()) {
                if (depth == 0) {
                    rootList = token == JsonToken.START_ARRAY;
                } else if (depth == 1 && rootList) {
                    usage = new Usage();
                }
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
            complete = depth == 0 && token != JsonToken.FIELD_NAME;
        }

        private void found(JsonTree value) {
            switch (field) {
                case "usage" -> usage.whole(value);
                case "timings" -> usage.timings(value);
                case "metrics" -> usage.metrics(value);
                default -> {}
            }
        }

        @Override
        public Usage end() {
            if (!broken) {
                feeder.endOfInput();
                try {
                    tokens();
                } catch (IOException notJson) {
                    broken = true;
                }
            }
            return broken || !complete ? new Usage() : usage;
        }
    }

    /** The message of an error answer: the first text among the usual places, else the status in words. */
    static String errorText(int status, byte[] body) {
        Optional<JsonTree> tree = JsonTree.parse(JSON, body, 0, body.length);
        String[][] places = {{"error", "message"}, {"error"}, {"message"}, {"detail"}};
        for (String[] place : places) {
            Optional<JsonTree> found = tree.flatMap(t -> t.at(place));
            if (found.isPresent()
                    && found.get() instanceof JsonTree.Text text
                    && !text.text().isBlank()) {
                return cut(text.text().strip());
            }
        }
        String phrase = dev.turntable.upstream.Reasons.of(status);
        return phrase.isEmpty() ? "HTTP " + status : status + " " + phrase;
    }

    private static String cut(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= 500 ? text : new String(bytes, 0, 500, StandardCharsets.UTF_8) + "...";
    }
}
