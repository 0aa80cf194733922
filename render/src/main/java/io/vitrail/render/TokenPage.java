package io.vitrail.render;

import java.util.List;
import java.util.Locale;

/** Write words and their colours as a page of HTML. */
final class TokenPage {
    /** No script may run, whatever a word says. */
    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="und">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="generator" content="Vitrail">
            <title>%1$s</title>
            <style>
            body { font: 18px/2 system-ui, sans-serif; margin: 2em; max-width: 60em; background: #fbfaf7; color: #24262b }
            h1 { font-size: 1em; font-weight: 600 }
            span { unicode-bidi: isolate; border-radius: 4px; padding: .15em .3em; white-space: pre-wrap; overflow-wrap: anywhere }
            footer { font-size: .75em; color: #7a7d85 }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            <p dir="auto">
            """;

    private TokenPage() {}

    static String of(String title, List<String> words, float[] heat, HeatColours colours) {
        StringBuilder page = new StringBuilder(String.format(Locale.ROOT, HEAD, escaped(title)));
        for (int i = 0; i < words.size(); i++) {
            int rgb = colours.rgb(heat[i]) & 0xffffff;
            page.append(
                    String.format(
                            Locale.ROOT,
                            "<span style=\"background:#%06x;color:#%06x\" title=\"%d: %s\">%s</span>\n",
                            rgb,
                            TokenLayout.isDark(rgb) ? 0xffffff : 0x24262b,
                            i,
                            HeatColours.number(heat[i]),
                            escaped(TokenLayout.visible(words.get(i)))));
        }
        String scale =
                colours.range().isEmpty()
                        ? "map of zeros"
                        : "colours from " + colours.low() + " to " + colours.high();
        return page.append("</p>\n<footer>")
                .append(scale)
                .append("</footer>\n</body>\n</html>\n")
                .toString();
    }

    /** Letters that mean something to HTML, or nothing to anyone, do not get through. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '&' -> escaped.append("&amp;");
                                case '<' -> escaped.append("&lt;");
                                case '>' -> escaped.append("&gt;");
                                case '"' -> escaped.append("&quot;");
                                case '\'' -> escaped.append("&#39;");
                                default -> escaped.appendCodePoint(isText(c) ? c : 0xfffd);
                            }
                        });
        return escaped.toString();
    }

    /** Lone surrogates are no characters, and controls but tab and line ends none of HTML. */
    private static boolean isText(int c) {
        boolean control = Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
        return !control && Character.getType(c) != Character.SURROGATE;
    }
}
