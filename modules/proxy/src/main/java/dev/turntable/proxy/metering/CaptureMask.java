package dev.turntable.proxy.metering;

/** Which parts of an exchange are kept, by path: sound and pictures are too large to be of use (llama-swap §8.5). */
record CaptureMask(boolean requestBody, boolean responseHeaders, boolean responseBody) {
    static CaptureMask of(String path) {
        return switch (path) {
            case "/v1/audio/speech", "/v1/images/generations", "/sdapi/v1/txt2img" ->
                new CaptureMask(true, true, false);
            case "/v1/audio/voices", "/v1/audio/transcriptions" -> new CaptureMask(false, true, true);
            case "/v1/images/edits", "/sdapi/v1/img2img" -> new CaptureMask(false, true, false);
            default -> new CaptureMask(true, true, true);
        };
    }
}
