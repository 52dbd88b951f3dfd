package dev.turntable.event;

/**
 * Who caused something: {@code request}, {@code ttl}, {@code operator:<key name>}, {@code config}, {@code preload}, {@code recovery},
 * {@code process}, {@code shutdown}.
 */
public record Actor(String value) {
    public static final Actor REQUEST = new Actor("request");
    public static final Actor TTL = new Actor("ttl");
    public static final Actor OPERATOR = new Actor("operator");
    public static final Actor CONFIG = new Actor("config");
    public static final Actor PRELOAD = new Actor("preload");
    public static final Actor RECOVERY = new Actor("recovery");
    public static final Actor PROCESS = new Actor("process");
    public static final Actor SHUTDOWN = new Actor("shutdown");

    /** An operator known by the name of the key he used, never by the key itself. */
    public static Actor operator(String keyName) {
        return new Actor("operator:" + keyName);
    }

    @Override
    public String toString() {
        return value;
    }
}
