/* dataset_stage.c - folders of versions: copies, renames, and the link to the active one. */
#include "data/dataset_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 768 };

static const char bad_name[] = "\"%s\" is no name for a version: 48 letters, digits, '.', '_' and '-' at most, no dot "
                               "first, and not \"active\".";

bool dataset_name_good(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t len = strlen(name);
    return len && len <= 48 && name[0] != '.' && name[strspn(name, letters)] == 0 && strcmp(name, "active") != 0;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* ------------------------------------------------------------------------------------------------------ copy --- */

static bool write_all(int to, const char *bytes, size_t n)
{
    while (n) {
        ssize_t done = write(to, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

static bool copy_bytes(int from, int to)
{
    static const size_t chunk = 1 << 16;
    char bytes[1 << 16];
    for (ssize_t n; (n = read(from, bytes, chunk)) != 0;)
        if (n < 0 ? errno != EINTR : !write_all(to, bytes, (size_t)n))
            return false;
    return fsync(to) == 0;
}

static bool copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    bool good = in >= 0 && out >= 0 && copy_bytes(in, out);
    if (in >= 0)
        close(in);
    if (out >= 0)
        good &= close(out) == 0;
    return good;
}

/* Files and folders below `from`, to the depth that data has (effects/). */
static bool copy_folder(const char *from, const char *to, int depth)
{
    DIR *dir = opendir(from);
    bool good = dir && mkdir(to, 0755) == 0;
    for (const struct dirent *entry; good && (entry = readdir(dir));) {
        char source[PATH], target[PATH];
        struct stat info;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(source, sizeof source, "%s/%s", from, entry->d_name);
        snprintf(target, sizeof target, "%s/%s", to, entry->d_name);
        if (stat(source, &info) != 0)
            good = false;
        else if (S_ISDIR(info.st_mode))
            good = depth > 0 && copy_folder(source, target, depth - 1);
        else
            good = S_ISREG(info.st_mode) && copy_file(source, target);
    }
    if (dir)
        closedir(dir);
    return good;
}

static void remove_folder(const char *path, int depth)
{
    DIR *dir = opendir(path);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        char inner[PATH];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (unlink(inner) != 0 && depth > 0)
            remove_folder(inner, depth - 1);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}

/* ------------------------------------------------------------------------------------------------- operations --- */

static void sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

static void check_folder(const char *folder, struct findings *out)
{
    struct dataset set;
    dataset_read(&set, folder, out);
    dataset_check(&set, out);
    dataset_free(&set);
}

bool dataset_stage(const char *root, const char *folder, const char *name, struct findings *out, char *error,
                   size_t size)
{
    char staging[PATH], target[PATH], draft[PATH];
    if (!dataset_name_good(name))
        return snprintf(error, size, bad_name, name), false;
    if (!is_folder(folder))
        return snprintf(error, size, "there is no folder %s.", folder), false;
    if (!is_folder(root))
        return snprintf(error, size, "there is no folder %s, where the versions are to be.", root), false;
    snprintf(target, sizeof target, "%s/%s", root, name);
    if (is_folder(target))
        return snprintf(
                   error, size,
                   "there is a version %s already, and versions never change: stage the folder under another name.",
                   name),
               false;
    snprintf(staging, sizeof staging, "%s/.staging", root);
    snprintf(target, sizeof target, "%s/.staging/%s", root, name);
    snprintf(draft, sizeof draft, "%s/.staging/.%s.draft", root, name);
    if (mkdir(staging, 0755) != 0 && errno != EEXIST)
        return snprintf(error, size, "%s cannot be made: %s.", staging, strerror(errno)), false;
    remove_folder(draft, 2);
    if (!copy_folder(folder, draft, 2)) {
        snprintf(error, size, "%s cannot be copied to %s: %s.", folder, staging, strerror(errno));
        remove_folder(draft, 2);
        return false;
    }
    remove_folder(target, 2);
    if (rename(draft, target) != 0)
        return snprintf(error, size, "%s cannot be made: %s.", target, strerror(errno)), false;
    check_folder(target, out);
    return true;
}

/* Turns ROOT/active to NAME: a new link takes the old one's place in one step. */
static bool turn_link(const char *root, const char *name, char *error, size_t size)
{
    char link[PATH], fresh[PATH];
    snprintf(link, sizeof link, "%s/active", root);
    snprintf(fresh, sizeof fresh, "%s/.active.%ld", root, (long)getpid());
    unlink(fresh);
    if (symlink(name, fresh) != 0 || rename(fresh, link) != 0) {
        snprintf(error, size, "%s cannot be turned: %s.", link, strerror(errno));
        unlink(fresh);
        return false;
    }
    sync_folder(root);
    return true;
}

bool dataset_promote(const char *root, const char *name, struct findings *out, char *error, size_t size)
{
    char staged[PATH], version[PATH];
    if (!dataset_name_good(name))
        return snprintf(error, size, bad_name, name), false;
    snprintf(staged, sizeof staged, "%s/.staging/%s", root, name);
    snprintf(version, sizeof version, "%s/%s", root, name);
    bool waits = is_folder(staged);
    if (!waits && !is_folder(version))
        return snprintf(error, size, "there is no version %s, staged or not.", name), false;
    if (waits && is_folder(version))
        return snprintf(
                   error, size,
                   "there is a version %s already, and versions never change: stage the folder under another name.",
                   name),
               false;
    check_folder(waits ? staged : version, out);
    if (out->count)
        return snprintf(error, size, "%s has mistakes; nothing was changed.", name), false;
    if (waits && rename(staged, version) != 0)
        return snprintf(error, size, "%s cannot be moved to %s: %s.", staged, version, strerror(errno)), false;
    return turn_link(root, name, error, size);
}

void dataset_active(const char *root, char name[64])
{
    char link[PATH];
    snprintf(link, sizeof link, "%s/active", root);
    ssize_t n = readlink(link, name, 63);
    name[n > 0 ? n : 0] = 0;
}
