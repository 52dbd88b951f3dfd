package dev.turntable.whatif;

import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.history.HistoryException;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.Journals;
import dev.turntable.whatif.figures.Assumption;
import dev.turntable.whatif.figures.Result;
import dev.turntable.whatif.traffic.Times;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Asks of a record what another policy would have made of the same requests.
 *
 * <p>Reads the span once, plays it again as it was, to show how far a play can be trusted, and once for each candidate, side by side on the
 * processors there are. Reads only; the same question to the same record is answered with the same bytes.
 */
public final class WhatIf {
    private final Journal journal;
    private final Candidate.Archive archive;

    /** {@code archive} knows the configurations of the past by their hash. */
    public WhatIf(Journal journal, Candidate.Archive archive) {
        this.journal = journal;
        this.archive = archive;
    }

    /**
     * What is asked.
     *
     * @param from a moment, or how long before the newest commit
     * @param to a moment, or how long before the newest commit; empty for up to it
     * @param assume {@code NAME=VALUE}, see {@code docs/whatif.md}
     * @param seed of what is drawn
     * @param threads at most so many plays at once
     * @param most a span with more requests than that is refused
     */
    public record Question(
            String from,
            Optional<String> to,
            List<Candidate> candidates,
            List<String> assume,
            long seed,
            int threads,
            int most) {
        public Question {
            candidates = List.copyOf(candidates);
            assume = List.copyOf(assume);
        }

        /** However many requests there are. */
        public Question(
                String from,
                Optional<String> to,
                List<Candidate> candidates,
                List<String> assume,
                long seed,
                int threads) {
            this(from, to, candidates, assume, seed, threads, Integer.MAX_VALUE);
        }
    }

    /** Opens the data folder of a server that runs, or a copy, for reading. Throws {@link WhatIfException}. */
    public static Journal open(Path folder) {
        try {
            Journal journal = Journals.openReadOnly(folder);
            String damage = journal.status().recovery();
            if (damage.startsWith("damaged")) {
                journal.close();
                throw unreadable(folder + ": the journal is " + damage);
            }
            if (journal.head() == 0) {
                journal.close();
                throw unreadable(folder + ": the journal is empty");
            }
            return journal;
        } catch (JournalException e) {
            throw unreadable(folder + ": " + e.getMessage());
        }
    }

    private static WhatIfException unreadable(String what) {
        return new WhatIfException(WhatIfException.Kind.UNREADABLE, what);
    }

    /** Answers, as far as {@code watcher} lets it. Throws {@link WhatIfException}. */
    public Comparison ask(Question question, Watcher watcher) {
        Assume assume = Assume.of(question.assume());
        Recorded recorded = read(question, assume, watcher);
        if (recorded.result().partial()) {
            return new Comparison(recorded.from(), recorded.to(), recorded.result(), Optional.empty(), List.of());
        }
        List<Play> plays = new ArrayList<>();
        plays.add(play("replayed", recorded, Rules.AS_RECORDED, assume, question, watcher));
        for (Candidate candidate : question.candidates()) {
            Rules rules = candidate.rules(recorded, archive);
            requireBothKnow(recorded, candidate, rules);
            plays.add(play(candidate.name(), recorded, rules, assume, question, watcher));
        }
        List<Result> results = together(plays, question.threads());
        List<Result> candidates = new ArrayList<>();
        for (int i = 1; i < results.size(); i++) {
            candidates.add(
                    noting(results.get(i), recorded, question.candidates().get(i - 1)));
        }
        return new Comparison(
                recorded.from(), recorded.to(), recorded.result(), Optional.of(results.getFirst()), candidates);
    }

    Recorded read(Question question, Assume assume, Watcher watcher) {
        Instant head = journal.headTime();
        Instant from = moment("-from", question.from(), head);
        Instant to = question.to().map(text -> moment("-to", text, head)).orElse(head.plusNanos(1_000));
        if (!from.isBefore(to)) {
            throw new WhatIfException(
                    WhatIfException.Kind.NOTHING,
                    "the span is empty: it begins at " + from + ", and the record ends at " + head);
        }
        try {
            return new RecordReader(journal, assume, question.most(), watcher).read(from, to, question.seed());
        } catch (JournalException | HistoryException e) {
            throw unreadable("the journal cannot be read: " + e.getMessage());
        }
    }

    private static Instant moment(String flag, String text, Instant now) {
        return Times.moment(text, now)
                .orElseThrow(() -> new WhatIfException(
                        WhatIfException.Kind.USAGE,
                        flag + " " + text + ": give a time before the newest commit, like 36h or 7d, or a moment, like "
                                + "2026-11-23T08:00:00Z"));
    }

    private static Play play(
            String name, Recorded recorded, Rules rules, Assume assume, Question question, Watcher watcher) {
        return new Play(name, recorded, rules, assume.pause(), question.seed(), watcher);
    }

    /** In the order of the plays, however many run at once. */
    static List<Result> together(List<Play> plays, int threads) {
        try (ExecutorService pool = Executors.newFixedThreadPool(
                Math.clamp(threads, 1, plays.size()),
                Thread.ofPlatform().name("whatif-", 0).daemon().factory())) {
            List<Future<Result>> running =
                    plays.stream().map(p -> pool.submit(p::run)).toList();
            List<Result> results = new ArrayList<>();
            for (Future<Result> result : running) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WhatIfException(WhatIfException.Kind.INTERRUPTED, "interrupted");
        }
    }

    /** What of the sensible changes would pay. Throws {@link WhatIfException}. */
    public Advice advise(Question question, Map<String, String> environment, Watcher watcher) {
        Assume assume = Assume.of(question.assume());
        Recorded recorded = read(question, assume, watcher);
        if (recorded.result().partial()) {
            throw new WhatIfException(
                    WhatIfException.Kind.INTERRUPTED, "interrupted before the whole span was read: there is no advice");
        }
        Result base = play("replayed", recorded, Rules.AS_RECORDED, assume, question, watcher)
                .run();
        List<Idea> ideas = new ArrayList<>();
        List<Play> plays = new ArrayList<>();
        for (Idea idea : Idea.all(recorded, base)) {
            idea.fitting(recorded, archive, environment).ifPresent(fitting -> {
                ideas.add(fitting);
                Rules rules = fitting.rules(recorded, archive, environment);
                plays.add(play(fitting.title(), recorded, rules, assume, question, watcher));
            });
        }
        List<Result> results = plays.isEmpty() ? List.of() : together(plays, question.threads());
        return Advice.of(recorded, base, ideas, results);
    }

    /** A model that only one side knows would make a table of two different worlds. */
    private static void requireBothKnow(Recorded recorded, Candidate candidate, Rules rules) {
        Set<ModelId> known = new TreeSet<>(recorded.models());
        recorded.configurations().forEach(c -> known.addAll(ids(c.policy())));
        for (Fact.ConfigApplied configuration : recorded.configurations()) {
            Set<ModelId> tried = ids(rules.policy(configuration));
            Set<ModelId> strange = new TreeSet<>(tried);
            strange.removeAll(known);
            if (!strange.isEmpty()) {
                throw oneSided(candidate, "has " + names(strange) + ", of which the record knows nothing");
            }
        }
        Set<ModelId> missing = new TreeSet<>(recorded.models());
        recorded.configurations().forEach(c -> missing.removeAll(ids(rules.policy(c))));
        if (!missing.isEmpty()) {
            throw oneSided(candidate, "lacks " + names(missing) + ", which clients asked for on the record");
        }
    }

    private static WhatIfException oneSided(Candidate candidate, String what) {
        return new WhatIfException(
                WhatIfException.Kind.ONE_SIDED, candidate.name() + " " + what + "; the two cannot be compared");
    }

    private static Set<ModelId> ids(Policy policy) {
        return policy.models().stream().map(Policy.Model::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String names(Set<ModelId> models) {
        return models.stream().map(ModelId::value).collect(Collectors.joining(", "));
    }

    /** What a whole configuration changes beside the policy is not predicted, but said. */
    private static Result noting(Result result, Recorded recorded, Candidate candidate) {
        if (candidate.whole().isEmpty() || recorded.configurations().isEmpty()) {
            return result;
        }
        Policy before = recorded.configurations().getLast().policy();
        String otherwise = before.models().stream()
                .filter(m -> Optional.ofNullable(
                                candidate.whole().get().models().get(m.id().value()))
                        .filter(n -> !n.fingerprint().equals(m.fingerprint()))
                        .isPresent())
                .map(m -> m.id().value())
                .collect(Collectors.joining(", "));
        if (otherwise.isEmpty()) {
            return result;
        }
        List<Assumption> more = new ArrayList<>(result.assumptions());
        more.add(Assumption.remark("started in another way than on the record: " + otherwise
                + "; loads and answers are taken as recorded"));
        return result.assuming(more, result.partial());
    }
}
