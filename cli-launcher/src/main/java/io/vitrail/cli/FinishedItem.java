package io.vitrail.cli;

import io.vitrail.runtime.Explained;
import java.nio.file.Path;

/**
 * An input that is explained, and whose own files are written.
 *
 * @param position its place among all inputs of the call, from 0; some are left out: they failed,
 *     or an earlier run has done them
 * @param stem how the names of its files begin, below the output folder; no other input has it
 * @param explained all that is known of it, arrays included; several items if it is a file of them
 * @param result what the record says of it
 */
record FinishedItem(
        long position, Path input, String stem, Explained explained, ItemResult result) {}
