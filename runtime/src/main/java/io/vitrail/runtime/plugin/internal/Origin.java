package io.vitrail.runtime.plugin.internal;

import java.nio.file.Path;

/**
 * The plugin that something comes from.
 *
 * @param loader of its classes
 */
public record Origin(String plugin, String version, Path source, ClassLoader loader) {}
