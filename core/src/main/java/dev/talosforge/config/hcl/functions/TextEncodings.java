package dev.talosforge.config.hcl.functions;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Encodings of text by their IANA names; the JDK knows more names, which other programs do not. */
final class TextEncodings {
    private static final String NAMES = """
            437 850 852 855 860 862 863 865 866 ANSI_X3.4-1968 ANSI_X3.4-1986 arabic ASMO-708 Big5 ccsid00858
            ccsid01140 cp00858 cp01140 cp037 cp367 cp437 cp819 cp850 cp852 cp855 cp860 cp862 cp863 cp865 cp866 CP936
            csASCII csBig5 csEUCKR csEUCPkdFmtjapanese csIBM037 csIBM860 csIBM863 csIBM865 csIBM866 csISO2022JP
            csISO885915 csISO885916 csISOLatin1 csISOLatin2 csISOLatin3 csISOLatin4 csISOLatin5 csISOLatinArabic
            csISOLatinCyrillic csISOLatinGreek csISOLatinHebrew cskoi8r cspc850multilingual cspc862latinhebrew
            cspc8codepage437 csPCp852 csShiftJIS cyrillic ebcdic-cp-ca ebcdic-cp-nl ebcdic-cp-us ebcdic-cp-wt
            ECMA-114 ECMA-118 ELOT_928 EUC-JP EUC-KR Extended_UNIX_Code_Packed_Format_for_Japanese GB18030 GBK greek
            greek8 hebrew ibm-1047 IBM00858 IBM01140 IBM037 IBM1047 IBM367 IBM437 IBM819 IBM850 IBM852 IBM855 IBM860
            IBM862 IBM863 IBM865 IBM866 ISO-2022-JP ISO-8859-1 ISO-8859-13 ISO-8859-15 ISO-8859-16 ISO-8859-2
            ISO-8859-3 ISO-8859-4 ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-9 iso-ir-100 iso-ir-101
            iso-ir-109 iso-ir-110 iso-ir-126 iso-ir-127 iso-ir-138 iso-ir-144 iso-ir-148 iso-ir-226 iso-ir-6
            ISO646-US ISO_646.irv:1991 ISO_8859-1 ISO_8859-15 ISO_8859-16 ISO_8859-16:2001 ISO_8859-1:1987
            ISO_8859-2 ISO_8859-2:1987 ISO_8859-3 ISO_8859-3:1988 ISO_8859-4 ISO_8859-4:1988 ISO_8859-5
            ISO_8859-5:1988 ISO_8859-6 ISO_8859-6:1987 ISO_8859-7 ISO_8859-7:1987 ISO_8859-8 ISO_8859-8:1988
            ISO_8859-9 ISO_8859-9:1989 KOI8-R KOI8-U l1 l10 l2 l3 l4 l5 Latin-9 latin1 latin10 latin2 latin3 latin4
            latin5 ms936 ms_kanji PC-Multilingual-850+euro Shift_JIS us US-ASCII UTF-16 UTF-16BE UTF-16LE UTF-8
            windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257
            windows-1258 windows-874 windows-936
            """;

    /** Apple's, which the JDK has under its own name. */
    private static final Set<String> MAC = Set.of("mac", "macintosh", "csmacintosh");

    private static final SortedSet<String> KNOWN = known();

    private TextEncodings() {}

    private static SortedSet<String> known() {
        SortedSet<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : NAMES.split("\\s+", -1)) {
            known.add(name);
        }
        known.addAll(MAC);
        known.remove("");
        return known;
    }

    static SortedSet<String> names() {
        return KNOWN;
    }

    /** Null for an unknown name; case is ignored. */
    static @Nullable Charset find(String name) {
        if (!KNOWN.contains(name)) {
            return null;
        }
        String known = MAC.contains(name.toLowerCase(Locale.ROOT)) ? "x-MacRoman" : name;
        return Charset.isSupported(known) ? Charset.forName(known) : null;
    }
}
