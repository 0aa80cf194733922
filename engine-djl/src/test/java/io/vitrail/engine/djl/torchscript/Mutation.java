package io.vitrail.engine.djl.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Damage an archive: its bytes as they lie, or an entry's content under a valid checksum. */
final class Mutation {
    private static final Pattern NUMBER = Pattern.compile("-?\\b\\d+(\\.\\d*)?(e-?\\d+)?\\b");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

    /** Numbers that sizes, counts and axes must not be believed to be. */
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-1",
                    "-2",
                    "1",
                    "2",
                    "3",
                    "7",
                    "64",
                    "4096",
                    "100000",
                    "2147483647",
                    "-2147483648",
                    "4294967296",
                    "1000000000000",
                    "9223372036854775807",
                    "-9223372036854775808",
                    "0.5",
                    "1e308",
                    "99999999999999999999");

    private Mutation() {}

    static byte[] of(byte[] archive, Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> flipped(archive, random);
            case 1 -> Arrays.copyOf(archive, random.nextInt(archive.length));
            case 2 -> lengths(archive, random);
            default -> resealed(archive, random);
        };
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    /** Write a length of our own over some four bytes, most often in the directory at the end. */
    private static byte[] lengths(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        int reach = random.nextBoolean() ? Math.min(1000, damaged.length - 4) : damaged.length - 4;
        int at = damaged.length - 4 - random.nextInt(reach);
        int[] values = {0, 1, -1, 0x7fffffff, 0x10000000, damaged.length, random.nextInt()};
        ByteBuffer.wrap(damaged)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(at, values[random.nextInt(values.length)]);
        return damaged;
    }

    /** Change the code or a pickle, and write the archive anew with sums that fit. */
    private static byte[] resealed(byte[] archive, Random random) {
        Map<String, byte[]> entries = entries(archive);
        List<String> names =
                entries.keySet().stream()
                        .filter(name -> name.endsWith(".py") || name.endsWith(".pkl"))
                        .toList();
        String name = names.get(random.nextInt(names.size()));
        byte[] content = entries.get(name);
        if (name.endsWith(".py")) {
            String text = new String(content, StandardCharsets.UTF_8);
            for (int i = 0; i <= random.nextInt(3); i++) {
                text = code(text, random);
            }
            content = text.getBytes(StandardCharsets.UTF_8);
        } else {
            content = pickle(content, random);
        }
        entries.put(name, content);
        return sealed(entries);
    }

    private static String code(String text, Random random) {
        if (text.isEmpty()) {
            return "\n";
        }
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                return replaced(text, NUMBER, NUMBERS.get(random.nextInt(NUMBERS.size())), random);
            }
            case 3, 4 -> { // another word of the same text: an operator, a variable, a keyword
                List<MatchResult> words = WORD.matcher(text).results().toList();
                return words.isEmpty()
                        ? text
                        : replaced(
                                text,
                                WORD,
                                words.get(random.nextInt(words.size())).group(),
                                random);
            }
            case 5 -> { // a line twice, or not at all
                List<String> lines = new java.util.ArrayList<>(text.lines().toList());
                int at = random.nextInt(lines.size());
                if (random.nextBoolean()) {
                    lines.add(random.nextInt(lines.size()), lines.get(at));
                } else {
                    lines.remove(at);
                }
                return String.join("\n", lines) + "\n";
            }
            case 6 -> { // one list of numbers, longer or empty
                String list =
                        random.nextBoolean()
                                ? "[]"
                                : "[" + "3, ".repeat(1 + random.nextInt(9)) + "]";
                return replaced(text, Pattern.compile("\\[[-\\d, ]*]"), list, random);
            }
            default -> {
                char[] all = text.toCharArray();
                all[random.nextInt(all.length)] = (char) (32 + random.nextInt(95));
                return new String(all);
            }
        }
    }

    private static String replaced(String text, Pattern what, String by, Random random) {
        List<MatchResult> places = what.matcher(text).results().toList();
        if (places.isEmpty()) {
            return text;
        }
        MatchResult place = places.get(random.nextInt(places.size()));
        return text.substring(0, place.start()) + by + text.substring(place.end());
    }

    private static byte[] pickle(byte[] content, Random random) {
        if (content.length < 8) {
            return flipped(content, random);
        }
        byte[] damaged = content.clone();
        int at = random.nextInt(damaged.length - 4);
        switch (random.nextInt(5)) {
            case 0 -> {
                return flipped(content, random);
            }
            case 1 ->
                    ByteBuffer.wrap(damaged)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(at, random.nextBoolean() ? 0x7fffffff : random.nextInt());
            case 2 -> {
                String codes = "(]})t}us\u0081RQbhqK0.2eacX\u0085";
                damaged[at] = (byte) codes.charAt(random.nextInt(codes.length()));
            }
            case 3 -> { // a piece twice
                int length = 1 + random.nextInt(Math.min(40, damaged.length - at));
                ByteArrayOutputStream longer = new ByteArrayOutputStream();
                longer.write(content, 0, at + length);
                longer.write(content, at, content.length - at);
                return longer.toByteArray();
            }
            default -> damaged[at] = (byte) random.nextInt(256);
        }
        return damaged;
    }

    private static Map<String, byte[]> entries(byte[] archive) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try {
            java.nio.file.Path file = java.nio.file.Files.createTempFile("fuzz", ".zip");
            try {
                java.nio.file.Files.write(file, archive);
                try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile())) {
                    for (ZipEntry entry : zip.stream().map(e -> (ZipEntry) e).toList()) {
                        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                    }
                }
            } finally {
                java.nio.file.Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    private static byte[] sealed(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                java.util.zip.CRC32 sum = new java.util.zip.CRC32();
                sum.update(entry.getValue());
                header.setMethod(ZipEntry.STORED);
                header.setSize(entry.getValue().length);
                header.setCrc(sum.getValue());
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
