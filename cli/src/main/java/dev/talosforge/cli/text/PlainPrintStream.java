package dev.talosforge.cli.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;

/**
 * Prints all texts escaped by {@link PlainText}. Bytes are passed on unchanged, for callers that control the terminal
 * themselves.
 */
public final class PlainPrintStream extends PrintStream {
    private PlainPrintStream(PrintStream out) {
        super(out, true, UTF_8);
    }

    public static PrintStream over(PrintStream out) {
        return out instanceof PlainPrintStream ? out : new PlainPrintStream(out);
    }

    @Override
    public void print(String text) {
        super.print(PlainText.of(String.valueOf(text)));
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }

    @Override
    public void print(char[] text) {
        print(new String(text));
    }
}
