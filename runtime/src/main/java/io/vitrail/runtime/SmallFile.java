package io.vitrail.runtime;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Read a text file that lies beside a model, no larger than it should be. */
final class SmallFile {
    private SmallFile() {}

    /**
     * Return the text of a file in UTF-8, without a byte order mark.
     *
     * @param what what the file holds, for messages
     * @throws VitrailException of kind {@code USAGE} if it is missing, too large or no text
     */
    static String read(Path file, String what, long mostBytes) {
        try {
            if (!Files.isRegularFile(file)) {
                throw VitrailException.usage(
                        file
                                + ": no such file, wanted for the "
                                + what
                                + "; check the path or leave it out");
            }
            if (Files.size(file) > mostBytes) {
                throw VitrailException.usage(
                        file
                                + ": "
                                + Files.size(file)
                                + " bytes are too many for "
                                + what
                                + ", the limit is "
                                + mostBytes);
            }
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                            .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    file + ": is no text in UTF-8; " + what + " must be",
                    e);
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    file + ": cannot be read: " + FileProblem.said(e) + "; check its permissions",
                    e);
        }
    }
}
