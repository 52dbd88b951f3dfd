package dev.turntable.fsm;

import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** One decision being made: the yard as it was, as it is so far, the time, and what has been decided. Everything decided is folded at once. */
final class Desk {
    final Yard before;
    final Draft yard;
    final Instant now;
    /** So much is said in full to those who are refused at once; the rest gets the beginning: one commit must hold all of them. */
    private static final int SAID_IN_FULL = 50_000;

    private static final int SHORT = 60;

    private final List<Decision> decisions = new ArrayList<>(4);
    private int said;

    Desk(Yard before, Instant now) {
        this.before = before;
        this.yard = new Draft(before);
        this.now = now;
    }

    void emit(Decision decision) {
        decisions.add(decision);
        FoldDecisions.decision(yard, decision, now);
    }

    /** Refuses a request. */
    void shed(RequestId request, ShedReason reason, String detail, Optional<Duration> retryAfter) {
        String text = said < SAID_IN_FULL ? detail : Texts.cut(detail, SHORT);
        said += text.length();
        emit(new Decision.RequestShed(request, reason, text, retryAfter));
    }

    Verdict verdict() {
        return new Verdict(decisions, yard.freeze());
    }

    Policy policy() {
        return yard.roster.policy();
    }

    String router() {
        return yard.roster.evictions().router();
    }

    Berth berth(int i) {
        return yard.berth(i);
    }

    ModelId id(int i) {
        return yard.roster.id(i);
    }

    /** Nothing may be started or granted now. */
    boolean isClosed() {
        return yard.hold.isPresent() || yard.phase != Phase.SERVING;
    }

    /** Who must leave before the model can serve a request of this profile, whoever else runs now. */
    Evictions.Plan plan(int target, Optional<String> profile) {
        return plan(target, profile, yard.live());
    }

    /** The same question with other models running. */
    Evictions.Plan plan(int target, Optional<String> profile, int[] running) {
        Optional<Run> own =
                berth(target).run().filter(r -> !r.isLeaving() && !r.gate().stale());
        int[] spared = profile.map(p -> spared(p, target, running)).orElse(Evictions.NOBODY);
        Evictions.Plan plan = yard.roster.evictions().plan(target, own.isPresent(), running, spared);
        OptionalInt port = yard.roster.settings(target).map(Policy.Model::port).orElse(OptionalInt.empty());
        return port.isEmpty() || own.isPresent() ? plan : freeing(plan, target, port, running);
    }

    /**
     * Members of an old-style profile load side by side (docs/configuration.md). A reload may have taken the target out of its
     * profile while it waited; then it spares nobody.
     */
    private int[] spared(String profile, int target, int[] running) {
        Set<ModelId> members = yard.roster.profile(profile).orElse(Set.of());
        return members.contains(id(target))
                ? Arrays.stream(running)
                        .filter(i -> i != target && members.contains(id(i)))
                        .toArray()
                : Evictions.NOBODY;
    }

    /** A port has one holder: whoever listens where the target will listen must leave, too. */
    private Evictions.Plan freeing(Evictions.Plan plan, int target, OptionalInt port, int[] running) {
        int[] holders = Arrays.stream(running)
                .filter(i -> i != target && !plan.evicts(i) && (holds(i, port) || willHold(i, port)))
                .toArray();
        if (holders.length == 0) {
            return plan;
        }
        int[] leave = Arrays.copyOf(plan.leave(), plan.leave().length + holders.length);
        System.arraycopy(holders, 0, leave, plan.leave().length, holders.length);
        Arrays.sort(leave);
        return plan.leaving(leave);
    }

    private boolean holds(int model, OptionalInt port) {
        return berth(model).run().filter(r -> r.settings().port().equals(port)).isPresent();
    }

    private boolean willHold(int model, OptionalInt port) {
        return berth(model).swap().isPresent()
                && yard.roster
                        .settings(model)
                        .filter(m -> m.port().equals(port))
                        .isPresent();
    }

    List<ModelId> names(int[] indexes) {
        return Arrays.stream(indexes).mapToObj(this::id).toList();
    }

    void refuse(Optional<RunId> run, ProcessState state, String fact) {
        emit(new Decision.TransitionRefused(run, state, fact));
    }
}
