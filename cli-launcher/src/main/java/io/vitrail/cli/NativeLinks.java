package io.vitrail.cli;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Call natives of Java's once before an engine is loaded beside.
 *
 * <p>Java looks a native method up when it is first called, and the system's loader answers nobody
 * while it is busy with a library: whoever calls one of these for the first time then waits as long
 * as the engine takes. What is forgotten here costs time, no more.
 */
final class NativeLinks {
    private NativeLinks() {}

    /** Call what the reading of a command line and of a model's file calls. */
    static void make() {
        new Throwable().getStackTrace();
        String.class.getPackage();
        Object[] one = (Object[]) Array.newInstance(Object.class, 1);
        Array.set(one, Array.getLength(one) - 1, Array.get(one, 0));
        try {
            inflate();
            Path any = Path.of(System.getProperty("java.home"), "lib", "modules");
            file(any);
            Files.readSymbolicLink(any); // it hardly is one
        } catch (IOException | DataFormatException e) {
            // the rest is linked when it is called
        }
        VitrailCommand.class.getAnnotations(); // Guice and picocli ask again: nothing is lost
        for (Constructor<?> constructor : VitrailCommand.class.getDeclaredConstructors()) {
            constructor.getParameters();
            constructor.getAnnotatedParameterTypes();
        }
    }

    private static void file(Path any) throws IOException {
        try (FileChannel channel = FileChannel.open(any)) {
            channel.read(ByteBuffer.allocate(1));
            channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(1, channel.size()));
        }
    }

    private static void inflate() throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(ByteBuffer.allocateDirect(2).put((byte) 3).rewind()); // of nothing
            inflater.inflate(ByteBuffer.allocate(1));
        } finally {
            inflater.end();
        }
    }
}
