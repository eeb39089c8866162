/* dataset_folder.c - reads a folder of battle data. */
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

void dataset_read(struct dataset *set, const char *folder, struct findings *out)
{
    memset(set, 0, sizeof *set);
    snprintf(set->folder, sizeof set->folder, "%s", folder);
    for (int i = 0; i < DATASET_FILES; i++)
        dataset_put(set, (enum dataset_file)i, read_json(folder, dataset_names[i], i < DATASET_ABILITIES, out), out);
    set->provenance = read_json(folder, "PROVENANCE", true, out);
    if (set->provenance)
        provenance_check(folder, set->provenance, out);
}
