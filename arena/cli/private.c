/* private.c - see private.h. */
#include "cli/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

bool private_path(enum private_place place, const char *name, struct text *path)
{
    static const struct {
        const char *variable, *below_home;
    } places[] = {
        [PRIVATE_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
        [PRIVATE_STATE] = {"XDG_STATE_HOME", ".local/state"},
    };
    const char *base = getenv(places[place].variable), *home = getenv("HOME");

    text_clear(path);
    if (base && base[0] == '/') { /* a relative one is to be ignored, by the rules of XDG */
        text_printf(path, "%s/arena/%s", base, name);
        return true;
    }
    if (home && home[0]) {
        text_printf(path, "%s/%s/arena/%s", home, places[place].below_home, name);
        return true;
    }
    return false;
}

bool private_folders(const char *path)
{
    struct text folder = {0};
    bool good = true;

    for (const char *slash = strchr(path + 1, '/'); good && slash; slash = strchr(slash + 1, '/')) {
        text_clear(&folder);
        text_put(&folder, path, (size_t)(slash - path));
        good = mkdir(text_cstr(&folder), 0700) == 0 || errno == EEXIST;
        if (!good)
            complain("%s: %s", text_cstr(&folder), strerror(errno));
    }
    text_free(&folder);
    return good;
}

/* Why the open file is not to be used; NULL: it is private. */
static const char *objection(int fd)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return strerror(errno);
    if (!S_ISREG(info.st_mode))
        return "is no file";
    if (info.st_mode & 077)
        return "can be read or changed by others, so it is not used; make it yours alone with `chmod 600`";
    if (info.st_uid != geteuid() && geteuid() != 0)
        return "belongs to somebody else";
    return NULL;
}

bool private_read(const char *path, size_t most, struct text *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    text_clear(text);
    if (fd < 0) {
        complain("%s: %s", path, strerror(errno));
        return false;
    }
    const char *why = objection(fd);
    text_reserve(text, most + 1);
    while (!why && text->len <= most) {
        ssize_t got = read(fd, text->ptr + text->len, most + 1 - text->len);
        if (got <= 0) {
            why = got < 0 ? strerror(errno) : NULL;
            break;
        }
        text->len += (size_t)got;
    }
    close(fd);
    if (!why && text->len > most)
        why = "is too large";
    if (why) {
        complain("%s %s", path, why);
        text_free(text);
    }
    return !why;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);
        if (done <= 0)
            return false;
        bytes += done;
        len -= (size_t)done;
    }
    return fsync(fd) == 0;
}

bool private_write(const char *path, const char *bytes, size_t len, bool replace)
{
    struct text draft = {0}; /* what replaces a file is whole before it has its name */

    text_puts(&draft, path);
    if (replace)
        text_printf(&draft, ".%ld", (long)getpid());
    int fd = open(text_cstr(&draft), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write_all(fd, bytes, len) && (!replace || rename(text_cstr(&draft), path) == 0);
    if (!good)
        complain("%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !good)
        unlink(text_cstr(&draft));
    text_free(&draft);
    return good;
}
