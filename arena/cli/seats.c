/* seats.c - see seats.h. */
#include "cli/seats.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/private.h"

enum { FILE_MAX = 1 << 20, NAME_MAX_BYTES = 64, KEEP_SECONDS = 90 * 24 * 3600 };

/* A session's id goes into a file's name, and comes from a server: only what ids are made of. */
static bool path_of(const char *session, struct text *path)
{
    char name[sizeof "seats/" + NAME_MAX_BYTES + sizeof ".json"];
    size_t len = strspn(session, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    if (len == 0 || len > NAME_MAX_BYTES || session[len])
        return false;
    snprintf(name, sizeof name, "seats/%s.json", session);
    return private_path(PRIVATE_STATE, name, path);
}

/* What is kept of a session; NULL: nothing.  *broken when there is a file that cannot be used. */
static json_t *load(const char *path, bool *broken)
{
    struct text text = {0};
    json_t *kept = NULL;

    *broken = false;
    if (access(path, F_OK) != 0)
        return NULL;
    *broken = !private_read(path, FILE_MAX, &text);
    if (!*broken) {
        kept = json_loadb(text.ptr, text.len, 0, NULL);
        *broken = !json_is_array(json_object_get(kept, "seats"));
        if (*broken)
            complain("%s is not what arena wrote; remove it.", path);
    }
    text_free(&text);
    if (*broken) {
        json_decref(kept);
        kept = NULL;
    }
    return kept;
}

/* Removes what is old from the folder that path is in. */
static void forget_old(const char *path)
{
    struct text folder = {0}, file = {0};
    struct stat info;
    time_t now = time(NULL);

    text_put(&folder, path, (size_t)(strrchr(path, '/') - path));
    DIR *dir = opendir(text_cstr(&folder));
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        text_clear(&file);
        text_printf(&file, "%s/%s", text_cstr(&folder), entry->d_name);
        if (stat(text_cstr(&file), &info) == 0 && S_ISREG(info.st_mode) && now - info.st_mtime > KEEP_SECONDS)
            unlink(text_cstr(&file));
    }
    if (dir)
        closedir(dir);
    text_free(&folder);
    text_free(&file);
}

static bool is_seat(const json_t *seat, const char *url, const char *invite)
{
    return strcmp(member(seat, "url"), url) == 0 && (!invite || strcmp(member(seat, "invite"), invite) == 0);
}

bool seats_keep(const char *url, const char *session, const char *invite, const char *key)
{
    struct text path = {0};
    bool broken;

    if (!path_of(session, &path) || !private_folders(text_cstr(&path))) {
        complain("the session key cannot be kept here.");
        text_free(&path);
        return false;
    }
    forget_old(text_cstr(&path));
    json_t *kept = load(text_cstr(&path), &broken), *seats;
    if (!kept)
        kept = json_pack("{s:[]}", "seats");
    seats = json_object_get(kept, "seats");
    for (size_t i = json_array_size(seats); i-- > 0;)
        if (is_seat(json_array_get(seats, i), url, invite))
            json_array_remove(seats, i);
    json_array_append_new(seats, json_pack("{s:s, s:s, s:s}", "url", url, "invite", invite, "key", key));
    char *line = json_dumps(kept, JSON_COMPACT);
    bool good = !broken && line && private_write(text_cstr(&path), line, strlen(line), true);
    free(line);
    json_decref(kept);
    text_free(&path);
    return good;
}

int seats_find(const char *url, const char *session, const char *invite, struct seat_key *found)
{
    struct text path = {0};
    bool broken = false;
    int count = 0;
    size_t i;
    json_t *kept = path_of(session, &path) ? load(text_cstr(&path), &broken) : NULL, *seat;

    json_array_foreach(json_object_get(kept, "seats"), i, seat) {
        if (!is_seat(seat, url, invite))
            continue;
        count++;
        snprintf(found->invite, sizeof found->invite, "%s", member(seat, "invite"));
        snprintf(found->key, sizeof found->key, "%s", member(seat, "key"));
    }
    json_decref(kept);
    text_free(&path);
    return broken ? -1 : count;
}
