/** Explains what is in a Dataset of Spark's, on as many machines as it has. */
@org.jspecify.annotations.NullMarked
package io.vitrail.spark;
