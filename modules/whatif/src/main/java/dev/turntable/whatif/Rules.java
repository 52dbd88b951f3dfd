package dev.turntable.whatif;

import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import java.util.List;
import java.util.Optional;

/** The policy of a play: what is in force in place of each recorded configuration. */
interface Rules {
    /** As it was. */
    Rules AS_RECORDED = new Rules() {
        @Override
        public Policy policy(Fact.ConfigApplied recorded) {
            return recorded.policy();
        }

        @Override
        public Optional<List<ModelId>> preload(Fact.ConfigApplied recorded) {
            return Optional.empty();
        }
    };

    Policy policy(Fact.ConfigApplied recorded);

    /** What is loaded when the server starts; empty for what was loaded then. */
    Optional<List<ModelId>> preload(Fact.ConfigApplied recorded);
}
