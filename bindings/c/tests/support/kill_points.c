/*
 * Linked to a program that was compiled with -fsanitize-coverage=trace-pc, this ends it with SIGKILL at the point whose
 * number is in KILL_AT. Points are the first time that each basic block of the program is entered, and every call that
 * changes a file, SQLite's included. So a run for each number, until one comes to its end, is killed everywhere.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long at = -1, reached;

static void point(void)
{
    if (at < 0) {
        const char *wanted = getenv("KILL_AT");
        at = wanted == NULL ? 0 : atol(wanted);
    }
    if (++reached == at) kill(getpid(), SIGKILL);
}

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    static void *seen[4096];
    static size_t count;
    void *here = __builtin_return_address(0);
    for (size_t i = 0; i < count; i++) {
        if (seen[i] == here) return;
    }
    if (count < sizeof seen / sizeof seen[0]) seen[count++] = here;
    point();
}

/* A function of the C library, with a point in front of it. */
#define BEFORE(result, name, parameters, arguments)                   \
    result name parameters                                            \
    {                                                                 \
        result(*real) parameters;                                     \
        void *found = dlsym(RTLD_NEXT, #name);                        \
        memcpy(&real, &found, sizeof real);                           \
        point();                                                      \
        return real arguments;                                        \
    }

BEFORE(ssize_t, write, (int file, const void *data, size_t length), (file, data, length))
BEFORE(ssize_t, pwrite, (int file, const void *data, size_t length, off_t offset), (file, data, length, offset))
BEFORE(ssize_t, pwrite64, (int file, const void *data, size_t length, off64_t offset), (file, data, length, offset))
BEFORE(int, ftruncate, (int file, off_t length), (file, length))
BEFORE(int, ftruncate64, (int file, off64_t length), (file, length))
BEFORE(int, fsync, (int file), (file))
BEFORE(int, fdatasync, (int file), (file))
BEFORE(int, unlink, (const char *path), (path))
BEFORE(int, link, (const char *from, const char *to), (from, to))
