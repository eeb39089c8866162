/*
 * paths.h - where a program of the arena finds what came with it: beside itself when it runs from where it was built,
 * else where it was installed.
 */
#ifndef PATHS_H
#define PATHS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef ARENA_OPERATOR_DIR
#define ARENA_OPERATOR_DIR "/usr/local/lib/arena/operators"
#endif
#ifndef ARENA_SCORING_DIR
#define ARENA_SCORING_DIR "/usr/local/lib/arena/scoring"
#endif
#ifndef ARENA_LIBEXEC_DIR
#define ARENA_LIBEXEC_DIR "/usr/local/libexec/arena"
#endif

enum { PATH_BYTES = 4096 };

static inline bool path_is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* relative, as seen from this program's folder.  False when it cannot be read. */
static inline bool path_beside_program(const char *relative, char out[PATH_BYTES])
{
    char program[PATH_BYTES / 2];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);

    if (len <= 0)
        return false;
    program[len] = '\0';
    *strrchr(program, '/') = '\0';
    snprintf(out, PATH_BYTES, "%s/%s", program, relative);
    return access(out, R_OK) == 0;
}

#endif
