package dev.turntable.whatif;

import dev.turntable.sim.machine.Agenda;
import dev.turntable.whatif.traffic.Beside;
import java.util.PriorityQueue;

/** Answers in the making: each takes its time, and longer while others are made beside it ({@link Beside}). */
final class Sharing {
    private final Agenda agenda;
    private final Beside beside;
    private final boolean plain;
    private final Engine[] engines;
    private int running;
    private long order;

    Sharing(Agenda agenda, Beside beside, int models) {
        this.agenda = agenda;
        this.beside = beside;
        this.plain = beside.isPlain();
        this.engines = new Engine[models];
        for (int m = 0; m < models; m++) {
            engines[m] = new Engine(m);
        }
    }

    /** One answer. */
    static final class Job implements Comparable<Job> {
        private final double target;
        private final long order;
        private final Runnable done;
        private boolean over;

        private Job(double target, long order, Runnable done) {
            this.target = target;
            this.order = order;
            this.done = done;
        }

        @Override
        public int compareTo(Job other) {
            int first = Double.compare(target, other.target);
            return first == 0 ? Long.compare(order, other.order) : first;
        }
    }

    /** What one model works on: all its answers go on at the same speed. */
    private final class Engine {
        private final int model;
        private final PriorityQueue<Job> jobs = new PriorityQueue<>();
        private double done;
        private double speed = 1;
        private long since;
        private long version;

        Engine(int model) {
            this.model = model;
        }

        void advance() {
            done += speed * (agenda.now() - since);
            since = agenda.now();
        }

        void plan() {
            version++;
            if (jobs.isEmpty()) {
                return;
            }
            speed = 1 / beside.stretch(model, jobs.size() - 1.0, running - jobs.size());
            long planned = version;
            long left = (long) Math.ceil(Math.max(0, jobs.peek().target - done) / speed);
            agenda.at(agenda.now() + left, () -> {
                if (version == planned) {
                    Job first = jobs.peek();
                    stop(model, first);
                    first.done.run();
                }
            });
        }
    }

    /** Begins an answer that takes so many nanoseconds alone. */
    Job start(int model, long nanos, Runnable done) {
        if (plain) {
            Job job = new Job(0, 0, done);
            agenda.at(agenda.now() + nanos, () -> {
                if (!job.over) {
                    job.over = true;
                    done.run();
                }
            });
            return job;
        }
        Engine engine = engines[model];
        engine.advance();
        Job job = new Job(engine.done + nanos, ++order, done);
        engine.jobs.add(job);
        running++;
        changed(engine);
        return job;
    }

    /** Ends it before its time. */
    void stop(int model, Job job) {
        if (job.over) {
            return;
        }
        job.over = true;
        if (!plain) {
            engines[model].advance();
            engines[model].jobs.remove(job);
            running--;
            changed(engines[model]);
        }
    }

    private void changed(Engine changed) {
        if (beside.others() == 0) {
            changed.plan();
            return;
        }
        for (Engine engine : engines) {
            if (engine == changed || !engine.jobs.isEmpty()) {
                engine.advance();
                engine.plan();
            }
        }
    }
}
