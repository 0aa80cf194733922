package io.vitrail.cli;

import com.google.inject.Injector;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * Let Guice make our commands and options, and picocli what is its own.
 *
 * @param injector knows how ours are made
 */
record GuiceFactory(Injector injector) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
        return type.getPackage().equals(GuiceFactory.class.getPackage())
                ? injector.getInstance(type)
                : CommandLine.defaultFactory().create(type);
    }
}
