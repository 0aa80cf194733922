package io.vitrail.picture;

/**
 * A picture as a network takes it.
 *
 * @param data the numbers in row-major order, {@code (channels, height, width)} or {@code (height,
 *     width, channels)}; owned by the caller
 * @param channels 3, or 1 after {@code grey}
 * @param height rows
 * @param width columns
 * @param channelsLast the order of the axes
 * @param shown the same pixels before their values were scaled: what the network saw
 * @param placement where the original picture lies in {@code shown}
 */
public record Prepared(
        float[] data,
        int channels,
        int height,
        int width,
        boolean channelsLast,
        Picture shown,
        Placement placement) {}
