package dev.talosforge.lab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The system calls denied to a service of an extension: those that containerd's own profile (2.1) denies to a container
 * with all capabilities except {@code SYS_MODULE} and {@code SYS_BOOT}, as a program of the kernel's classic packet
 * filter, for x86-64. Such a call gets {@code EPERM}; 32-bit calls are not checked.
 *
 * <p>Specification: {@code struct sock_filter} and {@code struct seccomp_data} of Linux, {@code linux/filter.h} and
 * {@code linux/seccomp.h}; little-endian, eight bytes an instruction: code, two jumps, constant.
 */
final class SeccompFilter {
    /** Numbers of the calls, from {@code asm/unistd_64.h}. */
    private static final List<Integer> REFUSED = List.of(
            134, // uselib
            136, // ustat
            139, // sysfs
            155, // pivot_root
            156, // _sysctl
            167, 168, // swapon, swapoff
            169, // reboot: needs SYS_BOOT
            174, 177, 178, // create_module, get_kernel_syms, query_module
            175, 176, 313, // init_module, delete_module, finit_module: need SYS_MODULE
            180, // nfsservctl
            246, 320, // kexec_load, kexec_file_load
            248, 249, 250, // add_key, request_key, keyctl
            256, 279, // migrate_pages, move_pages
            323, // userfaultfd
            425, 426, 427); // io_uring_setup, io_uring_enter, io_uring_register

    private static final int SOCKET = 41;
    private static final int AF_VSOCK = 40;

    /** Offsets in what the kernel passes about a call. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int FIRST_ARGUMENT = 16;

    private static final int X86_64 = 0xc000003e;

    /** {@code BPF_LD | BPF_W | BPF_ABS}, {@code BPF_JMP | BPF_JEQ | BPF_K}, {@code BPF_RET | BPF_K}. */
    private static final int LOAD = 0x20;

    private static final int JUMP_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7fff0000;

    /** {@code SECCOMP_RET_ERRNO} with {@code EPERM}. */
    private static final int NOT_PERMITTED = 0x00050001;

    private record Instruction(int code, int ifTrue, int ifFalse, int constant) {}

    private SeccompFilter() {}

    static byte[] ofServices() {
        int refused = REFUSED.size();
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction(LOAD, 0, 0, ARCHITECTURE));
        // Jumps count the instructions in between: calls, then four for the kind of socket, then the two answers.
        program.add(new Instruction(JUMP_EQUAL, 0, refused + 4, X86_64));
        program.add(new Instruction(LOAD, 0, 0, NUMBER));
        for (int i = 0; i < refused; i++) {
            program.add(new Instruction(JUMP_EQUAL, refused - 1 - i + 4, 0, REFUSED.get(i)));
        }
        program.add(new Instruction(JUMP_EQUAL, 0, 2, SOCKET));
        program.add(new Instruction(LOAD, 0, 0, FIRST_ARGUMENT));
        program.add(new Instruction(JUMP_EQUAL, 1, 0, AF_VSOCK));
        program.add(new Instruction(RETURN, 0, 0, ALLOW));
        program.add(new Instruction(RETURN, 0, 0, NOT_PERMITTED));
        ByteBuffer bytes = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction instruction : program) {
            bytes.putShort((short) instruction.code())
                    .put((byte) instruction.ifTrue())
                    .put((byte) instruction.ifFalse())
                    .putInt(instruction.constant());
        }
        return bytes.array();
    }
}
