package dev.turntable.config;

import java.net.URI;
import java.util.Optional;

/**
 * The base address of an upstream or peer.
 *
 * @param text the address as written, after macros
 * @param uri the same as a URI; empty when the text is blank (accepted at load, an error when used: llama-swap §2.6)
 */
public record UpstreamUrl(String text, Optional<URI> uri) {}
