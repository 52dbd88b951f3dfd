package dev.turntable.sim;

import java.util.Iterator;
import java.util.List;

/** The words behind {@code turntable sim}. */
record SimOptions(long seed, long runs, boolean replay, int threads, boolean quiet, boolean help) {

    /** Throws IllegalArgumentException, with a sentence for people, for words that make no sense. */
    static SimOptions parse(List<String> words) {
        long seed = 1;
        long runs = 1;
        long threads = Runtime.getRuntime().availableProcessors();
        boolean replay = false;
        boolean quiet = false;
        boolean help = false;
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--seed" -> seed = number(word, rest, Long.MIN_VALUE);
                case "--runs" -> runs = number(word, rest, 1);
                case "--threads" -> threads = number(word, rest, 1);
                case "--replay" -> replay = true;
                case "--quiet" -> quiet = true;
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("unknown: " + word);
            }
        }
        if (replay && runs > 1) {
            throw new IllegalArgumentException("--replay tells one seed; leave --runs out");
        }
        return new SimOptions(seed, runs, replay, (int) Math.min(threads, 64), quiet, help);
    }

    private static long number(String word, Iterator<String> rest, long least) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(word + " needs a number");
        }
        String text = rest.next();
        try {
            long value = Long.parseLong(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                word + " needs a whole number" + (least == 1 ? " from 1 on" : "") + ": " + text);
    }
}
