package dev.turntable.proxy.exchange;

import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A route's path with variables: {@code {name}} is one segment that is not empty, {@code {name...}} at the end all that is left, empty
 * included. Helidon's own patterns look at the decoded path; here literal parts match after decoding, but an encoded slash never separates
 * (llama-swap §3.1, §13.1). Costs no more than the length of the path, and for most paths a glance.
 */
public final class RoutePath implements PathMatcher {
    private static final PathMatcher ANY = PathMatchers.any();

    private final String text;
    private final List<String> parts;

    public RoutePath(String text) {
        this.text = text;
        this.parts = List.of(text.substring(1).split("/", -1));
    }

    /** As it is written in the table and in the documents. */
    public String text() {
        return text;
    }

    @Override
    public PathMatchers.MatchResult match(UriPath path) {
        return matches(path.rawPath()) ? ANY.match(path) : PathMatchers.MatchResult.notAccepted();
    }

    @Override
    public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
        return ANY.prefixMatch(path);
    }

    /** True when the path as on the wire is one of this route. */
    public boolean matches(String rawPath) {
        return text.equals(rawPath) || walk(rawPath, Map.of(), false);
    }

    /** The variables' decoded values in a path that matches. */
    public Map<String, String> variables(String rawPath) {
        Map<String, String> variables = new LinkedHashMap<>();
        walk(rawPath, variables, true);
        return variables;
    }

    /** True when the end of the path is somebody else's name or path, in which dots and doubled slashes mean what they mean there. */
    public boolean verbatim(String rawPath) {
        if (!text.endsWith("...}") || text.startsWith("/ui/")) {
            return false;
        }
        int prefix = text.indexOf('{');
        return rawPath.length() > prefix && rawPath.regionMatches(0, text, 0, prefix) && rawPath.charAt(prefix) != '/';
    }

    private boolean walk(String rawPath, Map<String, String> variables, boolean keep) {
        int at = 1;
        for (String part : parts) {
            if (at > rawPath.length()) {
                return false;
            }
            if (part.endsWith("...}")) {
                if (keep) {
                    variables.put(part.substring(1, part.length() - 4), decode(rawPath.substring(at)));
                }
                return true;
            }
            int slash = rawPath.indexOf('/', at);
            int end = slash < 0 ? rawPath.length() : slash;
            if (part.startsWith("{")) {
                if (end == at) {
                    return false;
                }
                if (keep) {
                    variables.put(part.substring(1, part.length() - 1), decode(rawPath.substring(at, end)));
                }
            } else if (!same(part, rawPath, at, end)) {
                return false;
            }
            at = end + 1;
        }
        return at > rawPath.length();
    }

    private static boolean same(String part, String rawPath, int at, int end) {
        int length = end - at;
        if (length == part.length() && rawPath.startsWith(part, at)) {
            return true;
        }
        return length > part.length()
                && length <= 3 * part.length()
                && decode(rawPath.substring(at, end)).equals(part);
    }

    /** Decodes percent escapes, and UTF-8 that came without; a bad escape stays as it is (such paths are refused before). */
    public static String decode(String text) {
        return plain(text) ? text : PercentCodec.decodePath(text).orElse(text);
    }

    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80 || text.charAt(i) == '%') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
