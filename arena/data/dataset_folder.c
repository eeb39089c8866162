/* dataset_folder.c - reads a folder of battle data. */
#include "base.h"
#include "data/dataset_folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static json_t *read_json(const char *folder, const char *name, bool needed, struct findings *out)
{
    char path[640];
    struct stat info;
    json_error_t error;
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    if (stat(path, &info) != 0) {
        if (needed)
            finding_add(out, "missing-file", name, "", "there is no %s.json.", name);
        return NULL;
    }
    json_t *value = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        finding_add(out, "syntax", name, "", "line %d: %s", error.line, error.text);
    return value;
}

/* The folder of the version that this one builds on, beside it or beside the staging area; "" without one. */
static void find_base(const char *folder, char *out, size_t size, struct findings *found)
{
    static const char *const up[] = {"..", "../.."};
    json_t *rules = read_json(folder, "rules", false, found);
    const char *base = json_string_value(json_object_get(rules, "base"));
    struct stat info;
    *out = 0;
    for (size_t i = 0; base && i < sizeof up / sizeof up[0] && !*out; i++) {
        snprintf(out, size, "%s/%s/%s", folder, up[i], base);
        if (stat(out, &info) != 0)
            *out = 0;
    }
    if (base && !*out)
        finding_add(found, "missing-base", "rules", "base", "there is no folder of %s beside this one.", base);
    json_decref(rules);
}

static json_t *read_rows(const char *folder, const char *base, enum dataset_file file, struct findings *out)
{
    const char *name = dataset_names[file];
    json_t *own = read_json(folder, name, !*base && file < DATASET_ABILITIES, out);
    if (!*base)
        return own;
    json_t *below = read_json(base, name, file < DATASET_ABILITIES, out);
    json_t *both = file == DATASET_LEARNSETS ? learnsets_over(below, own) : laid_over(below, own);
    json_decref(own);
    json_decref(below);
    return both;
}

void dataset_read(struct dataset *set, const char *folder, struct findings *out)
{
    memset(set, 0, sizeof *set);
    snprintf(set->folder, sizeof set->folder, "%s", folder);
    char base[640];
    find_base(folder, base, sizeof base, out);
    set->based = *base;
    for (int i = 0; i < DATASET_FILES; i++)
        dataset_put(set, (enum dataset_file)i, read_rows(folder, base, (enum dataset_file)i, out), out);
    set->provenance = read_json(folder, "PROVENANCE", true, out);
    if (set->provenance)
        provenance_check(folder, set->provenance, out);
}
