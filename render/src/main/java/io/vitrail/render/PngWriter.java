package io.vitrail.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Write PNG files that say what made them. */
public final class PngWriter {
    private static final String FORMAT = "javax_imageio_png_1.0";

    private PngWriter() {}

    /**
     * Write a picture, beside the file first, then moved.
     *
     * <p>The same picture and texts give the same bytes.
     *
     * @param texts keyword (1 to 79 ASCII characters, such as {@code Software}) and text in any
     *     script
     */
    public static void write(Path file, BufferedImage image, Map<String, String> texts) {
        FileBeside.write(file, stream -> write(stream, image, texts));
    }

    private static void write(OutputStream stream, BufferedImage image, Map<String, String> texts)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(stream)) {
            writer.setOutput(out);
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
            if (!texts.isEmpty()) {
                metadata.mergeTree(FORMAT, tree(texts));
            }
            writer.write(new IIOImage(image, null, metadata));
        } finally {
            writer.dispose();
        }
    }

    private static IIOMetadataNode tree(Map<String, String> texts) {
        IIOMetadataNode plain = new IIOMetadataNode("tEXt");
        IIOMetadataNode international = new IIOMetadataNode("iTXt");
        // in order of keywords: that of Map.of changes from run to run
        new TreeMap<>(texts)
                .forEach(
                        (keyword, text) -> {
                            if (keyword.isEmpty()
                                    || keyword.length() > 79
                                    || keyword.chars().anyMatch(c -> c < 32 || c > 126)) {
                                throw new IllegalArgumentException(
                                        "no PNG keyword: '" + keyword + "'");
                            }
                            boolean ascii = text.chars().allMatch(c -> c < 128);
                            IIOMetadataNode entry =
                                    new IIOMetadataNode(ascii ? "tEXtEntry" : "iTXtEntry");
                            entry.setAttribute("keyword", keyword);
                            if (ascii) {
                                entry.setAttribute("value", text);
                                plain.appendChild(entry);
                            } else {
                                entry.setAttribute("compressionFlag", "FALSE");
                                entry.setAttribute("compressionMethod", "0");
                                entry.setAttribute("languageTag", "");
                                entry.setAttribute("translatedKeyword", "");
                                entry.setAttribute("text", text);
                                international.appendChild(entry);
                            }
                        });
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        if (plain.hasChildNodes()) {
            root.appendChild(plain);
        }
        if (international.hasChildNodes()) {
            root.appendChild(international);
        }
        return root;
    }
}
