/**
 * The config room: a llama-swap file becomes immutable records.
 *
 * <p>It reads one file or a folder of files, expands environment and macro references, splits commands, decodes every key with the
 * position it stood at, checks all of it, and says what differs between two configurations. It starts nothing, opens no socket, reads
 * no environment variable on its own (the environment is a parameter) and knows no other room but the one that quotes JSON.
 *
 * <p>Start reading at {@link dev.turntable.config.loading.ConfigLoader}, which reads top to bottom in the order of llama-swap's own checks, then
 * {@link dev.turntable.config.Config}, which is what everybody else uses.
 */
module dev.turntable.config {
    requires dev.turntable.json;
    requires org.snakeyaml.engine.v2;
    requires re2j;

    exports dev.turntable.config;
    exports dev.turntable.config.loading;
    exports dev.turntable.config.printing;
}
