package dev.turntable.config.loading.yaml;

import dev.turntable.config.Value;
import dev.turntable.config.loading.yaml.Node.Kind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides what a scalar is, as llama-swap's YAML library does (§2.2): YAML 1.2 words, octal with and without {@code o}, underscores, dates. */
final class Scalars {
    /** A scalar's kind with its value. */
    record Resolved(Kind kind, Value value) {}

    private static final BigInteger LOWEST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger HIGHEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern TIME = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})"
            + "(?:([Tt ])(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\.(\\d{1,9}))?(Z|[-+]\\d{2}:\\d{2})?)?");
    private static final Resolved NULL = new Resolved(Kind.NULL, new Value.Nothing());
    private static final Map<String, Resolved> WORDS = Map.ofEntries(
            Map.entry("", NULL),
            Map.entry("~", NULL),
            Map.entry("null", NULL),
            Map.entry("Null", NULL),
            Map.entry("NULL", NULL),
            Map.entry("true", bool(true)),
            Map.entry("True", bool(true)),
            Map.entry("TRUE", bool(true)),
            Map.entry("false", bool(false)),
            Map.entry("False", bool(false)),
            Map.entry("FALSE", bool(false)),
            Map.entry(".nan", real(Double.NaN)),
            Map.entry(".NaN", real(Double.NaN)),
            Map.entry(".NAN", real(Double.NaN)),
            Map.entry(".inf", real(Double.POSITIVE_INFINITY)),
            Map.entry(".Inf", real(Double.POSITIVE_INFINITY)),
            Map.entry(".INF", real(Double.POSITIVE_INFINITY)),
            Map.entry("+.inf", real(Double.POSITIVE_INFINITY)),
            Map.entry("+.Inf", real(Double.POSITIVE_INFINITY)),
            Map.entry("+.INF", real(Double.POSITIVE_INFINITY)),
            Map.entry("-.inf", real(Double.NEGATIVE_INFINITY)),
            Map.entry("-.Inf", real(Double.NEGATIVE_INFINITY)),
            Map.entry("-.INF", real(Double.NEGATIVE_INFINITY)));

    private Scalars() {}

    /** Resolves a plain scalar without a tag. */
    static Resolved plain(String text) {
        Resolved word = WORDS.get(text);
        if (word != null) {
            return word;
        }
        char first = text.charAt(0);
        if (first == '.') {
            return FLOAT.matcher(text).matches() ? real(text).orElse(text(text)) : text(text);
        }
        if (first != '+' && first != '-' && !(first >= '0' && first <= '9')) {
            return text(text);
        }
        Optional<Resolved> time = time(text);
        if (time.isPresent()) {
            return time.get();
        }
        String digits = text.replace("_", "");
        return whole(digits)
                .or(() -> FLOAT.matcher(digits).matches() ? real(digits) : Optional.empty())
                .orElse(text(text));
    }

    /**
     * Resolves a scalar with an explicit tag.
     *
     * @throws IllegalArgumentException with llama-swap's text when the text is not of that type
     */
    static Resolved tagged(String tag, String text) {
        String name = tag.startsWith("tag:yaml.org,2002:") ? "!!" + tag.substring("tag:yaml.org,2002:".length()) : tag;
        return switch (name) {
            case "!!str" -> text(text);
            case "!!binary" -> binary(text);
            case "!!bool", "!!float", "!!int", "!!null", "!!timestamp" -> {
                Resolved found = plain(text);
                if (found.kind().tag().equals(name)) {
                    yield found;
                }
                if (name.equals("!!float") && found.value() instanceof Value.Whole whole) {
                    yield real(whole.number().doubleValue());
                }
                throw new IllegalArgumentException(
                        "cannot decode " + found.kind().tag() + " `" + text + "` as a " + name);
            }
            default -> text(text); // a tag of somebody else's: the reference takes the text as it is
        };
    }

    static Resolved text(String text) {
        return new Resolved(Kind.TEXT, new Value.Text(text));
    }

    private static Resolved bool(boolean yes) {
        return new Resolved(Kind.BOOL, new Value.Bool(yes));
    }

    private static Resolved real(double number) {
        return new Resolved(Kind.FLOAT, new Value.Decimal(number));
    }

    private static Optional<Resolved> real(String text) {
        double number = Double.parseDouble(text);
        return Double.isInfinite(number) ? Optional.empty() : Optional.of(real(number));
    }

    private static Resolved binary(String text) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text);
            return text(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("!!binary value contains invalid base64 data", e);
        }
    }

    private static Optional<Resolved> whole(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String body = signed ? text.substring(1) : text;
        int radix = 10;
        if (body.length() > 1 && body.charAt(0) == '0') {
            radix = switch (body.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                default -> 8;
            };
            body = radix == 8 && !(body.charAt(1) == 'o' || body.charAt(1) == 'O')
                    ? body.substring(1)
                    : body.substring(2);
        }
        if (body.isEmpty() || Character.digit(body.charAt(0), radix) < 0 || !isAscii(body)) {
            return Optional.empty();
        }
        try {
            BigInteger number = new BigInteger(body, radix);
            BigInteger value = text.startsWith("-") ? number.negate() : number;
            boolean fits = value.compareTo(LOWEST) >= 0
                    && value.compareTo(text.startsWith("+") ? BigInteger.valueOf(Long.MAX_VALUE) : HIGHEST) <= 0;
            return fits ? Optional.of(new Resolved(Kind.INT, new Value.Whole(value))) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static Optional<Resolved> time(String text) {
        Matcher m = TIME.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        boolean spaced = " ".equals(m.group(4));
        boolean zoned = m.group(9) != null;
        if (m.group(4) != null && spaced == zoned) {
            return Optional.empty();
        }
        try {
            ZoneOffset zone = zoned ? ZoneOffset.of(m.group(9)) : ZoneOffset.UTC;
            OffsetDateTime time = OffsetDateTime.of(
                    part(m, 1), part(m, 2), part(m, 3), part(m, 5), part(m, 6), part(m, 7), nanos(m.group(8)), zone);
            return Optional.of(new Resolved(Kind.TIME, new Value.Text(rfc3339(time))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int part(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }

    private static String rfc3339(OffsetDateTime time) {
        String fraction = time.getNano() == 0
                ? ""
                : String.format(".%09d", time.getNano()).replaceFirst("0+$", "");
        String zone =
                time.getOffset().equals(ZoneOffset.UTC) ? "Z" : time.getOffset().getId();
        return time.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss")) + fraction + zone;
    }
}
