package dev.talosforge.format.compress;

/**
 * What the first byte of a frame's header says about the rest.
 *
 * <pre>
 *   header    descriptor, optional u8 window, dictionary id, content size
 * </pre>
 *
 * <p>Specification: RFC 8878, section 3.1.1.1.
 *
 * @param single whether the content is one segment: then there is no window byte, and the window is as large as the
 *     content
 * @param checksum whether four bytes of checksum follow the last block
 * @param dictionaryId its size in bytes; 0 for none
 * @param contentSize the size of that field in bytes; 0 for none
 */
record ZstdFrameHeader(boolean single, boolean checksum, int dictionaryId, int contentSize) {
    static final long MAGIC = 0xfd2fb528L;
    private static final long SKIPPABLE = 0x184d2a50L;

    /** Sixteen magic numbers are skippable. */
    private static final long SKIPPABLE_MASK = 0xfffffff0L;

    static boolean isSkippable(long magic) {
        return (magic & SKIPPABLE_MASK) == SKIPPABLE;
    }

    static ZstdFrameHeader of(int descriptor) {
        boolean single = (descriptor & 0x20) != 0;
        int sizeFlag = (descriptor >> 6) & 3;
        return new ZstdFrameHeader(
                single,
                (descriptor & 4) != 0,
                (1 << (descriptor & 3)) >> 1,
                sizeFlag == 0 ? (single ? 1 : 0) : 1 << sizeFlag);
    }

    /** Offset of the dictionary id from the descriptor. */
    int dictionaryAt() {
        return single ? 1 : 2;
    }

    int contentSizeAt() {
        return dictionaryAt() + dictionaryId;
    }

    /** In bytes, including the descriptor. */
    int size() {
        return contentSizeAt() + contentSize;
    }
}
