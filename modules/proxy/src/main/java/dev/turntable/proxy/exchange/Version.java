package dev.turntable.proxy.exchange;

/** What a client speaks. */
public enum Version {
    /** Knows neither chunks nor interim answers, and gets one answer a connection. */
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1");

    private final String text;

    Version(String text) {
        this.text = text;
    }

    /** As the record and the log show it. */
    public String text() {
        return text;
    }
}
