package io.vitrail.runtime;

import io.vitrail.api.Attribution;

/**
 * Say that a result is not what it looks like.
 *
 * @param item the item of the batch, from 0
 * @param method the id of the method
 * @param part the map that is meant
 * @param text what is wrong with it: all zeros, a layer that cannot reach the score
 */
public record Warning(int item, String method, Attribution.Part part, String text) {}
