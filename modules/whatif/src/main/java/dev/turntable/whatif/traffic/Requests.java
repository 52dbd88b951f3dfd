package dev.turntable.whatif.traffic;

import java.util.Arrays;

/**
 * The recorded requests in the order they arrived, a row of numbers for each: a million of them must fit where a million objects would not.
 * Moments and durations are microseconds.
 */
public final class Requests {
    public static final long UNKNOWN = -1;
    public static final int NOBODY = -1;

    /** What sets a request going. */
    public static final byte BY_THE_CLOCK = 0;
    /** Its client has had all its answers, and {@code delay} has passed since. */
    public static final byte WHEN_IDLE = 1;
    /** {@code delay} has passed since the client's request before. */
    public static final byte BESIDE = 2;
    /** {@code delay} has passed since the end of the one request that names it as {@code then}. */
    public static final byte THEN = 3;

    /** How it ended. */
    public static final byte OPEN = 0;
    /** By the model, and {@code service} says how long that took. */
    public static final byte ANSWERED = 1;
    /** The same, with an error of the model's own. */
    public static final byte ERROR = 2;
    /** The client left in the middle of the answer. */
    public static final byte HUNG_UP = 3;
    /** The client left while it waited. */
    public static final byte GAVE_UP = 4;
    /** Not at all: refused, or cut off. */
    public static final byte UNSERVED = 5;

    private int size;
    private long[] arrived = new long[64];
    private int[] model = new int[64];
    private int[] client = new int[64];
    private int[] profile = new int[64];
    private long[] service = new long[64];
    private int[] firstByte = new int[64];
    private int[] bytes = new int[64];
    private long[] patience = new long[64];
    private float[] sameBeside = new float[64];
    private float[] othersBeside = new float[64];
    private byte[] ending = new byte[64];
    private byte[] follows = new byte[64];
    private long[] delay = new long[64];
    private int[] next = new int[64];
    private int[] then = new int[64];
    private int[] after = new int[64];
    private int[] thenDelay = new int[64];

    public int add(long at, int modelNumber, int clientNumber, int profileNumber) {
        if (size == arrived.length) {
            grow(size + (size >> 1));
        }
        int r = size++;
        arrived[r] = at;
        model[r] = modelNumber;
        client[r] = clientNumber;
        profile[r] = profileNumber;
        service[r] = UNKNOWN;
        firstByte[r] = (int) UNKNOWN;
        next[r] = NOBODY;
        then[r] = NOBODY;
        after[r] = NOBODY;
        return r;
    }

    private void grow(int length) {
        arrived = Arrays.copyOf(arrived, length);
        model = Arrays.copyOf(model, length);
        client = Arrays.copyOf(client, length);
        profile = Arrays.copyOf(profile, length);
        service = Arrays.copyOf(service, length);
        firstByte = Arrays.copyOf(firstByte, length);
        bytes = Arrays.copyOf(bytes, length);
        patience = Arrays.copyOf(patience, length);
        sameBeside = Arrays.copyOf(sameBeside, length);
        othersBeside = Arrays.copyOf(othersBeside, length);
        ending = Arrays.copyOf(ending, length);
        follows = Arrays.copyOf(follows, length);
        delay = Arrays.copyOf(delay, length);
        next = Arrays.copyOf(next, length);
        then = Arrays.copyOf(then, length);
        after = Arrays.copyOf(after, length);
        thenDelay = Arrays.copyOf(thenDelay, length);
    }

    public int size() {
        return size;
    }

    public long arrived(int r) {
        return arrived[r];
    }

    public int model(int r) {
        return model[r];
    }

    public int client(int r) {
        return client[r];
    }

    /** Number of the old-style profile it was asked for in, or {@link #NOBODY}. */
    public int profile(int r) {
        return profile[r];
    }

    // Its answer

    /** From the place it got to its end, as it would have been had it run alone; {@link #UNKNOWN} when it was never served. */
    public long service(int r) {
        return service[r];
    }

    public void serviceIs(int r, long micros) {
        service[r] = micros;
    }

    /** From the place it got to the first byte, or {@link #UNKNOWN}. */
    public long firstByte(int r) {
        return firstByte[r];
    }

    public void firstByteIs(int r, long micros) {
        firstByte[r] = (int) Math.min(micros, Integer.MAX_VALUE);
    }

    /** Size of the answer's body. */
    public long bytes(int r) {
        return bytes[r];
    }

    public void bytesIs(int r, long size) {
        bytes[r] = (int) Math.min(size, Integer.MAX_VALUE);
    }

    public byte ending(int r) {
        return ending[r];
    }

    public void endingIs(int r, byte how) {
        ending[r] = how;
    }

    public boolean isServed(int r) {
        return ending[r] == ANSWERED || ending[r] == ERROR || ending[r] == HUNG_UP;
    }

    /** How many others its own model served meanwhile, on the average. */
    public double sameBeside(int r) {
        return sameBeside[r];
    }

    /** How many other models' requests were served meanwhile, on the average. */
    public double othersBeside(int r) {
        return othersBeside[r];
    }

    public void besideIs(int r, double same, double others) {
        sameBeside[r] = (float) same;
        othersBeside[r] = (float) others;
    }

    /** First how long it did wait, later how long it would. */
    public long patience(int r) {
        return patience[r];
    }

    public void patienceIs(int r, long micros) {
        patience[r] = micros;
    }

    // What sets it going

    public byte follows(int r) {
        return follows[r];
    }

    public long delay(int r) {
        return delay[r];
    }

    public void followsIs(int r, byte what, long micros) {
        follows[r] = what;
        delay[r] = micros;
    }

    /** The same client's next request, or {@link #NOBODY}. */
    public int next(int r) {
        return next[r];
    }

    public void nextIs(int r, int following) {
        next[r] = following;
    }

    /** The request that its end sets going, or {@link #NOBODY}. */
    public int then(int r) {
        return then[r];
    }

    /** Remembers whose end it may follow, and how soon. */
    public void mayFollow(int r, int ended, long micros) {
        after[r] = ended;
        thenDelay[r] = (int) Math.min(micros, Integer.MAX_VALUE);
    }

    public boolean mayFollow(int r) {
        return after[r] != NOBODY;
    }

    /** Makes it follow that end. */
    public void follow(int r) {
        followsIs(r, THEN, thenDelay[r]);
        then[after[r]] = r;
    }
}
