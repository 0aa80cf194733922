/**
 * Trains the network that the demo embeds and writes it into the demo's resources.
 *
 * <p>Not part of the default build. {@code ./mvnw -Pdemo-training -pl demo-training -am
 * process-classes} does it all, in minutes on two cores.
 */
@org.jspecify.annotations.NullMarked
module io.vitrail.demo.training {
    requires ai.djl.api;
    requires io.vitrail.demo;
    requires io.vitrail.engine.djl;
    requires static org.jspecify;
}
