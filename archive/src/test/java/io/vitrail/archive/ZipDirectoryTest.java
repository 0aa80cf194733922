package io.vitrail.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipDirectoryTest {
    private static final byte[] TEXT =
            "the same words, the same words, ".repeat(3000).getBytes(StandardCharsets.US_ASCII);

    @TempDir Path folder;

    private Path zip(int method, String name) throws IOException {
        Path file = folder.resolve("archive.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            ZipEntry entry = new ZipEntry(name);
            entry.setMethod(method);
            if (method == ZipEntry.STORED) {
                CRC32 sum = new CRC32();
                sum.update(TEXT);
                entry.setCrc(sum.getValue());
                entry.setSize(TEXT.length);
            }
            out.putNextEntry(entry);
            out.write(TEXT);
        }
        return file;
    }

    private static ByteBuffer content(Path file) throws IOException {
        ZipDirectory zip = ZipDirectory.of(FileMap.of(file));
        return zip.content(zip.entries().values().iterator().next());
    }

    @Test
    void aStoredEntryIsASliceOfTheMap() throws IOException {
        ByteBuffer content = content(zip(ZipEntry.STORED, "text"));

        assertThat(content).isEqualTo(ByteBuffer.wrap(TEXT));
        assertThat(content.isDirect()).isTrue();
        assertThat(content.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aPackedEntryIsInflatedOutsideOfTheHeap() throws IOException {
        ByteBuffer content = content(zip(ZipEntry.DEFLATED, "text"));

        assertThat(content).isEqualTo(ByteBuffer.wrap(TEXT));
        assertThat(content.isDirect()).isTrue();
    }

    @Test
    void aSizeThatIsNotTheClaimedOneIsRefusedBeforeMemoryIsTaken() throws IOException {
        Path file = zip(ZipEntry.DEFLATED, "text");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int central = all.getInt(bytes.length - 22 + 16);
        for (int claim : new int[] {0, TEXT.length - 1, TEXT.length + 1, Integer.MAX_VALUE}) {
            all.putInt(central + 24, claim);
            Files.write(file, bytes);

            assertThatThrownBy(() -> content(file))
                    .isInstanceOfSatisfying(
                            ArchiveRefusal.class,
                            e -> {
                                assertThat(e.kind()).isEqualTo(ArchiveRefusal.Kind.DAMAGED);
                                assertThat(e.place()).isEqualTo("zip entry text");
                            })
                    .hasMessage("its size is not the one that it claims");
        }
    }

    @Test
    void aFlippedBitIsRefused() throws IOException {
        Path file = zip(ZipEntry.STORED, "text");
        byte[] bytes = Files.readAllBytes(file);
        bytes[1000] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> content(file)).hasMessageStartingWith("its checksum does not fit");
    }

    @Test
    void aNameThatLeadsOutIsHostile() throws IOException {
        Path file = zip(ZipEntry.STORED, "../text");

        assertThatThrownBy(() -> content(file))
                .isInstanceOfSatisfying(
                        ArchiveRefusal.class,
                        e -> assertThat(e.kind()).isEqualTo(ArchiveRefusal.Kind.HOSTILE));
    }

    @Test
    void anEmptyFileAndATextAreRefused() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path text = Files.write(folder.resolve("text"), TEXT);

        assertThatThrownBy(() -> content(empty)).hasMessage("the file is empty");
        assertThatThrownBy(() -> content(text))
                .isInstanceOfSatisfying(
                        ArchiveRefusal.class,
                        e -> assertThat(e.kind()).isEqualTo(ArchiveRefusal.Kind.FOREIGN));
    }

    @Test
    void whatIsWrittenIntoTheMapStaysOutOfTheFile() throws IOException {
        Path file = Files.write(folder.resolve("text"), TEXT);
        FileMap.of(file).put(0, (byte) 0);

        assertThat(Files.readAllBytes(file)).isEqualTo(TEXT);
    }
}
