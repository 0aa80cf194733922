package io.vitrail.format.keras;

import java.io.ByteArrayInputStream;
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
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Damage a Keras file: its bytes as they lie, its configuration, or what a zip holds. */
final class Mutation {
    private static final Pattern NUMBER = Pattern.compile("-?\\b\\d+(\\.\\d+)?(e-?\\d+)?\\b");
    private static final Pattern VALUE =
            Pattern.compile("null|true|false|\"[^\"]*\"|\\[[^\\[\\]]*]");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-1",
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
                    "9223372036854775807",
                    "0.5",
                    "1e308",
                    "1e999",
                    "NaN",
                    "-Infinity",
                    "99999999999999999999");

    private Mutation() {}

    static byte[] of(byte[] file, Random random) {
        if (file[0] == 'P') {
            return random.nextInt(5) == 0 ? asItLies(file, random) : resealed(file, random);
        }
        return hdf5(file, random);
    }

    private static byte[] hdf5(byte[] file, Random random) {
        return random.nextInt(3) == 0 ? configuration(file, random) : asItLies(file, random);
    }

    private static byte[] asItLies(byte[] file, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(file, random.nextInt(file.length));
            case 1, 2, 3 -> addresses(file, random);
            default -> flipped(file, random);
        };
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        int reach = random.nextBoolean() ? Math.min(4096, damaged.length) : damaged.length;
        for (int i = 0; i <= random.nextInt(4); i++) {
            damaged[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    /** Put one address or length of the file where another stands, or one of our own. */
    private static byte[] addresses(byte[] file, Random random) {
        ByteBuffer damaged = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int words = file.length / 8 - 1;
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = aWord(damaged, words, random);
            switch (random.nextInt(4)) {
                case 0 -> damaged.putLong(at, damaged.getLong(aWord(damaged, words, random)));
                case 1 -> damaged.putLong(at, 8L * random.nextInt(words));
                case 2 -> damaged.putInt(at, random.nextBoolean() ? 0x7fffffff : random.nextInt());
                default ->
                        damaged.putLong(at, random.nextBoolean() ? -1 : 1L << random.nextInt(63));
            }
        }
        return damaged.array();
    }

    /** A place that holds what may be an address of this file. */
    private static int aWord(ByteBuffer file, int words, Random random) {
        for (int tries = 0; tries < 200; tries++) {
            int at = 8 * random.nextInt(words);
            long value = file.getLong(at);
            if (value > 0 && value < file.limit()) {
                return at;
            }
        }
        return 8 * random.nextInt(words);
    }

    /** Change the JSON where it lies: its length stays, blanks fill it up. */
    private static byte[] configuration(byte[] file, Random random) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("{\"class_name\"");
        int end = start < 0 ? -1 : text.indexOf('\0', start);
        if (end < 0) {
            return asItLies(file, random);
        }
        String json = text.substring(start, end);
        String changed = json(json, random);
        if (changed.length() > json.length()) {
            changed = changed.substring(0, json.length());
        }
        changed += " ".repeat(json.length() - changed.length());
        return (text.substring(0, start) + changed + text.substring(end))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String json(String json, Random random) {
        String changed = json;
        for (int i = 0; i <= random.nextInt(3); i++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
                    changed = replaced(changed, NUMBER, number, random);
                }
                case 2, 3, 4 -> { // a value of the same file, of whatever kind
                    List<MatchResult> values = VALUE.matcher(changed).results().toList();
                    if (!values.isEmpty()) {
                        String other = values.get(random.nextInt(values.size())).group();
                        changed = replaced(changed, VALUE, other, random);
                    }
                }
                default -> {
                    char[] all = changed.toCharArray();
                    if (all.length > 0) {
                        all[random.nextInt(all.length)] = (char) (32 + random.nextInt(95));
                    }
                    changed = new String(all);
                }
            }
        }
        return changed;
    }

    private static String replaced(String text, Pattern what, String by, Random random) {
        List<MatchResult> places = what.matcher(text).results().toList();
        if (places.isEmpty()) {
            return text;
        }
        MatchResult place = places.get(random.nextInt(places.size()));
        return text.substring(0, place.start()) + by + text.substring(place.end());
    }

    /** Change one entry, and write the archive anew with sums that fit. */
    private static byte[] resealed(byte[] archive, Random random) {
        try {
            Map<String, byte[]> entries = entries(archive);
            if (random.nextInt(20) == 0) {
                entries.remove(List.copyOf(entries.keySet()).get(random.nextInt(entries.size())));
            } else if (random.nextBoolean()) {
                entries.computeIfPresent(
                        "config.json",
                        (name, content) ->
                                json(new String(content, StandardCharsets.UTF_8), random)
                                        .getBytes(StandardCharsets.UTF_8));
            } else {
                entries.computeIfPresent(
                        "model.weights.h5", (name, content) -> asItLies(content, random));
            }
            return sealed(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    static byte[] sealed(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                CRC32 sum = new CRC32();
                sum.update(entry.getValue());
                header.setMethod(ZipEntry.STORED);
                header.setSize(entry.getValue().length);
                header.setCrc(sum.getValue());
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
