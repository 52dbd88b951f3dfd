/** Adapts the YAML library: events of snakeyaml-engine become a tree with positions, resolved by the rules of llama-swap's own YAML library. */
package dev.turntable.config.loading.yaml;
