package dev.turntable.proxy.forward;

import dev.turntable.config.Peer;
import dev.turntable.config.Secret;
import dev.turntable.proxy.exchange.Authentication;
import dev.turntable.proxy.exchange.RequestHead;
import dev.turntable.proxy.exchange.Version;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.ResponseHead;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which header lines pass in which direction (llama-swap §6.2 to §6.5, §8.5). */
public final class HeaderRules {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "proxy-connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private HeaderRules() {}

    /** True when the client asks for a WebSocket: the one way to leave HTTP on a connection that is passed on. */
    static boolean webSocket(Headers headers) {
        return headers.hasToken("Connection", "upgrade") && headers.hasToken("Upgrade", "websocket");
    }

    /** The client's lines as an upstream gets them, without length or framing; {@code peer} is the address of the client's connection. */
    static Headers toUpstream(RequestHead head, String peer, boolean metered, List<Secret> ourKeys) {
        Headers client = head.headers();
        Headers headers = client.copy();
        boolean webSocket = webSocket(client) && head.version() == Version.HTTP_1_1;
        boolean trailers = client.hasToken("TE", "trailers");
        withoutHops(headers, client);
        headers.remove("Content-Length");
        withoutOurKey(headers, ourKeys);
        // We have told the client to go on, if it asked.
        headers.removeIf((name, value) -> name.equalsIgnoreCase("Expect") && value.equalsIgnoreCase("100-continue"));
        if (metered) {
            reduceEncodings(headers);
        }
        forwardedFor(headers, peer);
        if (headers.first("User-Agent").filter(String::isEmpty).isPresent()) {
            headers.remove("User-Agent");
        }
        if (trailers) {
            headers.add("Te", "trailers");
        }
        if (webSocket) {
            headers.add("Connection", "Upgrade");
            headers.add("Upgrade", "websocket");
        }
        return headers;
    }

    /** The key that opened our door stays here. */
    private static void withoutOurKey(Headers headers, List<Secret> keys) {
        headers.removeIf((name, value) -> switch (name.toLowerCase(Locale.ROOT)) {
            case "authorization" ->
                Authentication.matching(keys, Optional.of(value), Optional.empty())
                        .isPresent();
            case "x-api-key" ->
                Authentication.matching(keys, Optional.empty(), Optional.of(value))
                        .isPresent();
            default -> false;
        });
    }

    /** What is different for a peer: its own host, no trace of who asked, its own key. */
    static void forPeer(Headers headers, Peer peer, String authority) {
        headers.removeIf((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            return lower.equals("forwarded") || lower.startsWith("x-forwarded-");
        });
        headers.set("Host", authority);
        peer.apiKey().map(Secret::reveal).filter(key -> !key.isEmpty()).ifPresent(key -> {
            headers.set("Authorization", "Bearer " + key);
            headers.set("x-api-key", key);
        });
    }

    /** True when we ask for gzip on our own account, and so must unpack the answer. */
    static boolean asksForGzip(Headers headers, String method) {
        if (headers.first("Accept-Encoding").filter(v -> !v.isEmpty()).isPresent()
                || headers.contains("Range")
                || method.equals("HEAD")) {
            return false;
        }
        headers.set("Accept-Encoding", "gzip");
        return true;
    }

    /** The upstream's lines as the client gets them; length and framing included when they may stay. */
    static Headers toClient(ResponseHead head, boolean unpacked, boolean chunked) {
        Headers headers = head.headers().copy();
        Optional<String> trailer = head.headers().first("Trailer");
        withoutHops(headers, head.headers());
        if (unpacked) {
            headers.remove("Content-Encoding");
            headers.remove("Content-Length");
        }
        if (chunked) {
            headers.remove("Content-Length");
            trailer.ifPresent(names -> headers.add("Trailer", names));
        }
        if (headers.eventStream()) {
            headers.set("X-Accel-Buffering", "no");
            if (!headers.contains("Cache-Control")) {
                headers.add("Cache-Control", "no-cache");
            }
        }
        return headers;
    }

    /** Without those that mean the connection they came on. */
    static Headers endToEnd(Headers headers) {
        Headers passing = headers.copy();
        withoutHops(passing, headers);
        return passing;
    }

    private static void withoutHops(Headers headers, Headers original) {
        Set<String> named = new HashSet<>();
        for (String value : original.all("Connection")) {
            for (String token : value.split(",")) {
                named.add(token.strip().toLowerCase(Locale.ROOT));
            }
        }
        named.remove("host"); // belongs to the message, whatever a client says
        headers.removeIf((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            return HOP_BY_HOP.contains(lower) || named.contains(lower);
        });
    }

    /** Only what the extraction of tokens can unpack (llama-swap §6.3). */
    private static void reduceEncodings(Headers headers) {
        Optional<String> accepted = headers.first("Accept-Encoding");
        if (accepted.isEmpty()) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String part : accepted.get().split(",")) {
            String coding = part.strip();
            int weight = coding.indexOf(';');
            String name = (weight < 0 ? coding : coding.substring(0, weight)).strip();
            if (name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("deflate")) {
                kept.add(coding);
            }
        }
        if (kept.isEmpty()) {
            headers.remove("Accept-Encoding");
        } else {
            headers.set("Accept-Encoding", String.join(", ", kept));
        }
    }

    private static void forwardedFor(Headers headers, String peer) {
        List<String> before = new ArrayList<>(headers.all("X-Forwarded-For"));
        before.add(peer);
        headers.set("X-Forwarded-For", String.join(", ", before));
    }
}
