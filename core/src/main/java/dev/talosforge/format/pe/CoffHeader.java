package dev.talosforge.format.pe;

import dev.talosforge.bytes.FieldReader;
import dev.talosforge.bytes.FieldWriter;
import dev.talosforge.bytes.FormatException;

/**
 * The 20 bytes after the {@code PE\0\0} signature.
 *
 * <p>Specification: PE Format, "COFF File Header"; little-endian.
 *
 * @param timestamp seconds since the epoch, the low 32 bits
 * @param symbolTable file offset of the COFF symbol table in bytes; zero if there is none
 */
record CoffHeader(
        int machine,
        int sectionCount,
        long timestamp,
        long symbolTable,
        long symbolCount,
        int optionalHeaderSize,
        int characteristics) {
    static final int SIZE = 20;
    private static final String NAME = "PE COFF header";

    static CoffHeader read(byte[] bytes, long at) throws FormatException {
        FieldReader in = FieldReader.littleEndian(NAME, bytes, at);
        return new CoffHeader(
                in.u16("Machine"),
                in.u16("NumberOfSections"),
                in.u32("TimeDateStamp"),
                in.u32("PointerToSymbolTable"),
                in.u32("NumberOfSymbols"),
                in.u16("SizeOfOptionalHeader"),
                in.u16("Characteristics"));
    }

    FieldWriter encode() {
        return FieldWriter.littleEndian(NAME, SIZE)
                .u16("Machine", machine)
                .u16("NumberOfSections", sectionCount)
                .u32("TimeDateStamp", timestamp)
                .u32("PointerToSymbolTable", symbolTable)
                .u32("NumberOfSymbols", symbolCount)
                .u16("SizeOfOptionalHeader", optionalHeaderSize)
                .u16("Characteristics", characteristics);
    }
}
