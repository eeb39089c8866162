/* dataset_provenance.c - PROVENANCE.json: a checksum for each file of a folder, and what was changed by hand. */
#include "data/dataset_folder.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 768, NAME = 80, FILES = 64, HEX = 2 * crypto_hash_sha256_BYTES + 1 };

struct names {
    size_t n;
    char list[FILES][NAME];
};

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_json(const char *name)
{
    const size_t len = strlen(name);
    return len > 5 && name[0] != '.' && !strcmp(name + len - 5, ".json") && strcmp(name, "PROVENANCE.json") != 0;
}

static void list_folder(const char *folder, const char *inner, struct names *out)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s", folder, inner);
    DIR *dir = opendir(path);
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (is_json(entry->d_name) && out->n < FILES && strlen(inner) + strlen(entry->d_name) < NAME)
            snprintf(out->list[out->n++], NAME, "%s%.60s", inner, entry->d_name);
    if (dir)
        closedir(dir);
}

/* Every file that has a checksum, in the order of their names. */
static void list_files(const char *folder, struct names *out)
{
    out->n = 0;
    list_folder(folder, "", out);
    list_folder(folder, "effects/", out);
    qsort(out->list, out->n, sizeof out->list[0], by_name);
}

static bool checksum(const char *folder, const char *name, char hex[HEX])
{
    char path[PATH];
    unsigned char bytes[1 << 14], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    crypto_hash_sha256_init(&state);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;)
        crypto_hash_sha256_update(&state, bytes, n);
    bool good = !ferror(f);
    fclose(f);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, HEX, hash, sizeof hash);
    return good;
}

/* ---------------------------------------------------------------------------------------------------- check --- */

void provenance_check(const char *folder, const json_t *provenance, struct findings *out)
{
    const json_t *sums = json_object_get(provenance, "sha256");
    struct names names;
    const char *name;
    json_t *sum;
    if (!json_object_size(sums)) {
        finding_add(out, "provenance", "PROVENANCE", "", "there is no \"sha256\" with a checksum for each file.");
        return;
    }
    list_files(folder, &names);
    for (size_t i = 0; i < names.n; i++) {
        char hex[HEX];
        const char *known = json_string_value(json_object_get(sums, names.list[i]));
        if (!known)
            finding_add(out, "checksum", "PROVENANCE", "", "%s has no checksum: arena data seal FOLDER writes it.",
                        names.list[i]);
        else if (!checksum(folder, names.list[i], hex) || strcmp(hex, known) != 0)
            finding_add(out, "checksum", "PROVENANCE", "",
                        "%s is not what it was; if that is meant: arena data seal FOLDER.", names.list[i]);
    }
    json_object_foreach((json_t *)sums, name, sum) {
        if (!bsearch(name, names.list, names.n, sizeof names.list[0], by_name))
            finding_add(out, "checksum", "PROVENANCE", "", "there is no file %.60s.", name);
    }
}

/* ----------------------------------------------------------------------------------------------------- seal --- */

/* Whether a script of the project made this file. */
static bool is_made(const json_t *provenance, const char *name)
{
    const char *script;
    json_t *files;
    json_object_foreach(json_object_get(provenance, "made_by"), script, files) {
        for (size_t i = 0; i < json_array_size(files); i++)
            if (!strcmp(json_string_value(json_array_get(files, i)) ? json_string_value(json_array_get(files, i)) : "",
                        name))
                return true;
    }
    return false;
}

static bool has_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *own = json_string_value(json_array_get(list, i));
        if (own && !strcmp(own, text))
            return true;
    }
    return false;
}

/* Files that a script made and that are not so any more, by name. */
static json_t *changed_files(const json_t *provenance, const json_t *sums, const struct names *names)
{
    json_t *changed = json_array();
    for (size_t i = 0; i < names->n; i++) {
        const char *name = names->list[i];
        const json_t *before = json_object_get(json_object_get(provenance, "sha256"), name);
        if (has_text(json_object_get(provenance, "changed"), name) ||
            (before && is_made(provenance, name) && !json_equal(before, json_object_get(sums, name))))
            json_array_append_new(changed, json_string(name));
    }
    return changed;
}

static bool write_json(const char *path, const json_t *value)
{
    char fresh[PATH + 8];
    snprintf(fresh, sizeof fresh, "%s.fresh", path);
    FILE *f = fopen(fresh, "wb");
    bool good = f && json_dumpf(value, f, JSON_INDENT(2)) == 0 && fputc('\n', f) == '\n' && fflush(f) == 0 &&
                fsync(fileno(f)) == 0;
    if (f)
        good &= fclose(f) == 0;
    good = good && rename(fresh, path) == 0;
    if (!good)
        unlink(fresh);
    return good;
}

bool provenance_seal(const char *folder, json_t **changed, char *error, size_t size)
{
    char path[PATH];
    struct names names;
    json_error_t why;
    snprintf(path, sizeof path, "%s/PROVENANCE.json", folder);
    json_t *provenance = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    *changed = NULL;
    if (!json_is_object(provenance)) {
        json_decref(provenance);
        return snprintf(error, size, "%s cannot be read: %s.", path, provenance ? "it is no object" : why.text), false;
    }
    json_t *sums = json_object();
    bool good = true;
    list_files(folder, &names);
    for (size_t i = 0; i < names.n && good; i++) {
        char hex[HEX];
        good = checksum(folder, names.list[i], hex);
        json_object_set_new(sums, names.list[i], json_string(hex));
    }
    *changed = changed_files(provenance, sums, &names);
    json_object_set_new(provenance, "sha256", sums);
    if (json_array_size(*changed))
        json_object_set(provenance, "changed", *changed);
    good = good && write_json(path, provenance);
    if (!good)
        snprintf(error, size, "%s cannot be written: %s.", path, strerror(errno));
    json_decref(provenance);
    return good;
}
