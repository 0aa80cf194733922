package io.vitrail.runtime;

/**
 * A class and how sure the network is of it.
 *
 * @param index the class, from 0
 * @param label its name; empty where it has none
 * @param probability 0 to 1: the network's own softmax or sigmoid, else the softmax of its output
 */
public record Ranked(long index, String label, double probability) {}
