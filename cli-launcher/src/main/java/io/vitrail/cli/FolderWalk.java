package io.vitrail.cli;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Walk the files of a folder and those below it; hidden ones are passed by, links followed.
 *
 * <p>A folder that cannot be listed, or is a link in a circle, comes itself. What earlier runs
 * wrote is counted, but does not come.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final Predicate<Path> wanted;
    private final PathList found;
    private final EarlierResults earlier;
    private final boolean mixed;
    private @Nullable Path results;
    private long count;

    private FolderWalk(
            Path folder, Predicate<Path> wanted, PathList found, EarlierResults earlier) {
        this.folder = folder;
        this.wanted = wanted;
        this.found = found;
        this.earlier = earlier;
        this.mixed = earlier.mayLieIn(folder);
    }

    /**
     * Add what is wanted of a folder, in the order of names, to what was found before.
     *
     * @return how much was met, what had been found before among it
     */
    static long of(Path folder, Predicate<Path> wanted, PathList found, EarlierResults earlier) {
        FolderWalk walk = new FolderWalk(folder, wanted, found, earlier);
        int before = found.size();
        try {
            Files.walkFileTree(
                    folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        } catch (IOException e) {
            throw VitrailException.input(folder + ": cannot be listed: " + FileProblem.said(e));
        }
        found.sortFrom(before);
        return walk.count;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes a) throws IOException {
        if (at.equals(folder)) {
            return FileVisitResult.CONTINUE;
        }
        if (Files.isHidden(at)) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (results == null && earlier.fill(at)) {
            results = at;
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
        if (a.isDirectory() || Files.isHidden(file) || !wanted.test(file)) {
            return FileVisitResult.CONTINUE;
        }
        if (results != null) {
            earlier.leaveOut(results);
        } else if (mixed && EarlierResults.isResult(file)) {
            earlier.leaveOut(folder);
        } else {
            take(file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (results == null && !Files.isHidden(file)) {
            take(file); // reading it will fail, and say why
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path at, @Nullable IOException e) {
        if (at.equals(results)) {
            results = null;
        } else if (e != null && results == null) {
            take(at);
        }
        return FileVisitResult.CONTINUE;
    }

    private void take(Path file) {
        count++;
        found.add(file);
    }
}
