package dev.turntable.config;

import java.util.List;

/**
 * What a model can do, for listings only.
 *
 * @param in modalities it takes, of {@code text}, {@code audio}, {@code image}, in the order of the file
 * @param out modalities it gives
 * @param context tokens, 0 when unknown
 */
public record Capabilities(List<String> in, List<String> out, boolean tools, boolean reranker, long context) {
    public static final Capabilities NONE = new Capabilities(List.of(), List.of(), false, false, 0);

    public Capabilities {
        in = List.copyOf(in);
        out = List.copyOf(out);
    }

    /** True for a block that is absent or whose fields are all zero: it then counts as absent (llama-swap §2.6). */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
