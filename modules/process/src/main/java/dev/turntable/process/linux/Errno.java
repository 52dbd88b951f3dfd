package dev.turntable.process.linux;

/** Error numbers of Linux and the words that Go, and so llama-swap, has for them. */
final class Errno {
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;

    private Errno() {}

    /** What a start error says after {@code fork/exec <path>: } (llama-swap §4.3). */
    static String text(int errno) {
        return switch (errno) {
            case 1 -> "operation not permitted";
            case 2 -> "no such file or directory";
            case 3 -> "no such process";
            case 4 -> "interrupted system call";
            case 5 -> "input/output error";
            case 6 -> "no such device or address";
            case 7 -> "argument list too long";
            case 8 -> "exec format error";
            case 9 -> "bad file descriptor";
            case 10 -> "no child processes";
            case 11 -> "resource temporarily unavailable";
            case 12 -> "cannot allocate memory";
            case 13 -> "permission denied";
            case 14 -> "bad address";
            case 16 -> "device or resource busy";
            case 17 -> "file exists";
            case 20 -> "not a directory";
            case 21 -> "is a directory";
            case 22 -> "invalid argument";
            case 23 -> "too many open files in system";
            case 24 -> "too many open files";
            case 26 -> "text file busy";
            case 28 -> "no space left on device";
            case 30 -> "read-only file system";
            case 36 -> "file name too long";
            case 38 -> "function not implemented";
            case 40 -> "too many levels of symbolic links";
            default -> "errno " + errno;
        };
    }
}
