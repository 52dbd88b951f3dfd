package dev.turntable.fsm;

/** The highest numbers given out so far; they never repeat in a journal's life. */
public record Counters(long runs, long swaps, long claims, long requests) {
    static final Counters NONE = new Counters(0, 0, 0, 0);

    Counters run(long number) {
        return number > runs ? new Counters(number, swaps, claims, requests) : this;
    }

    Counters swap(long number) {
        return number > swaps ? new Counters(runs, number, claims, requests) : this;
    }

    Counters claim(long number) {
        return number > claims ? new Counters(runs, swaps, number, requests) : this;
    }

    Counters request(long number) {
        return number > requests ? new Counters(runs, swaps, claims, number) : this;
    }
}
