package dev.turntable.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The options of the demo upstream: what it is called, how long it takes, and how it misbehaves. */
record Options(Map<Option, String> values) {

    /** Every option, with the line {@code --help} prints for it. A switch has no value. */
    enum Option {
        PORT("N", "port to listen on; 0 takes a free one, which is printed"),
        HOST("ADDRESS", "address to listen on; default 127.0.0.1"),
        NAME("X", "the model's name in answers; default demo"),
        LOAD_MS("N", "answers 503 on /health for this long after start"),
        LOAD_UNTIL("FILE", "answers 503 on /health until this file exists"),
        LISTEN_AFTER_MS("N", "does not even listen for this long"),
        ANSWER_MS("N", "pause before the first byte of each answer"),
        TOKENS("N", "tokens in each answer; default 8"),
        TOKEN_MS("N", "pause between streamed tokens; default 5"),
        NEVER_READY("", "answers 503 on /health for ever"),
        HEALTH_HANG("", "accepts a /health request and never answers it"),
        HEALTH_STATUS("N", "what /health answers, always"),
        IGNORE_TERM("", "ignores SIGTERM; only SIGKILL ends it"),
        TERM_MS("N", "on SIGTERM says so, goes on for this long, then ends with 0"),
        EXIT_AT_START("CODE", "ends at once with this code"),
        EXIT_AFTER_MS("N", "ends after this long with code 7, whatever it is doing"),
        EXIT_AFTER_HEALTH("CODE", "ends with this code as soon as it has said 200 on /health"),
        EXIT_AFTER_REQUESTS("N", "ends with code 9 in the middle of its Nth answer"),
        FORK_CHILD("", "starts a child that ignores SIGTERM and SIGHUP and outlives its parent; prints its pid"),
        SAY("TEXT", "prints a line at start"),
        CHATTER_MS("N", "prints a numbered line to stdout and one to stderr this often"),
        QUIET("", "prints nothing for a request"),
        HELP("", "this page");

        private final String value;
        private final String help;

        Option(String value, String help) {
            this.value = value;
            this.help = help;
        }

        String word() {
            return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isSwitch() {
            return value.isEmpty();
        }

        private String helpLine() {
            return "  %-26s %s%n".formatted(word() + (isSwitch() ? "" : " " + value), help);
        }
    }

    /** What an option cannot be. */
    static final class WrongOption extends RuntimeException {
        private static final long serialVersionUID = 1;

        WrongOption(String message) {
            super(message);
        }
    }

    /** Reads {@code --name value}, {@code --name=value} and switches; the last of a repeated option wins. */
    static Options parse(List<String> words) {
        var values = new EnumMap<Option, String>(Option.class);
        var rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            int equals = word.indexOf('=');
            Option option = named(equals < 0 ? word : word.substring(0, equals));
            if (equals >= 0) {
                values.put(option, word.substring(equals + 1));
            } else if (option.isSwitch()) {
                values.put(option, "");
            } else if (rest.hasNext()) {
                values.put(option, rest.next());
            } else {
                throw new WrongOption(option.word() + " needs a value");
            }
        }
        return new Options(values);
    }

    private static Option named(String word) {
        for (Option option : Option.values()) {
            if (option.word().equals(word)) {
                return option;
            }
        }
        throw new WrongOption("unknown option: " + word);
    }

    static String help() {
        return "turntable demo-upstream: a small OpenAI-shaped server to try and test with.%n%nOptions:%n".formatted()
                + Arrays.stream(Option.values()).map(Option::helpLine).collect(Collectors.joining())
                + """

                Routes: /health /v1/models /v1/chat/completions /v1/completions /v1/embeddings /argv?env=NAME,…; anything else is
                echoed. A request misbehaves to order: a JSON object in the header X-Demo, or under "demo" in the body, with
                  delay_ms, status, headers {}, text, bytes N, tokens N, gap_ms   what is answered, and how slowly
                  framing length|chunked|close, early [status], trailers {}, gzip  how it is framed
                  die before|headers|middle, exit CODE, hang                       how it goes wrong
                  until FILE                                                       no answer before this file exists
                  say TEXT, clock                                                  a line on stdout; a clock in each event
                """;
    }

    boolean has(Option option) {
        return values.containsKey(option);
    }

    Optional<String> text(Option option) {
        return Optional.ofNullable(values.get(option));
    }

    int number(Option option, int otherwise) {
        try {
            return text(option).map(Integer::parseInt).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new WrongOption(option.word() + " needs a number, not " + values.get(option));
        }
    }

    Duration millis(Option option, int otherwise) {
        return Duration.ofMillis(number(option, otherwise));
    }
}
