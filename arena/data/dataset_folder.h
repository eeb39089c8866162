/*
 * dataset_folder.h - versions of the battle data: folders of JSON that are checked, staged, promoted and compared.
 *
 *     ROOT/gen9-v1/species.json ..     a version; it never changes once it is here
 *     ROOT/.staging/NAME/ ..           waits to become one
 *     ROOT/active                      a link to the version that new battles use
 *
 * Staging copies a folder and checks the copy.  Promotion checks once more, moves the copy to its place by one rename
 * and turns the link by another.  Whoever reads asks dataset_active() once and then reads that folder, which never
 * changes: the old version or the new one, never something between.
 */
#ifndef DATA_DATASET_FOLDER_H
#define DATA_DATASET_FOLDER_H

#include "dataset.h"

/* Reads what is there; what cannot be read becomes a finding.  Always to be freed. */
void dataset_read(struct dataset *set, const char *folder, struct findings *out);

/* Compares the files of a folder with the checksums of its provenance. */
void provenance_check(const char *folder, const json_t *provenance, struct findings *out);

/* Writes the checksums of a folder's files into its PROVENANCE.json; a file that a script made and that is another one
 * now is named in its "changed", from then on.  *changed: these names, to be freed.  False with a sentence. */
bool provenance_seal(const char *folder, json_t **changed, char *error, size_t size);

/* Copies FOLDER to ROOT/.staging/NAME and checks the copy.  The copy stays when findings are all that is wrong, so
 * that it can be mended there.  False with a sentence when the copy itself failed. */
bool dataset_stage(const char *root, const char *folder, const char *name, struct findings *out, char *error,
                   size_t size);

/* Makes NAME the active version: a staged copy first takes its place among the versions.  False with a sentence
 * (or findings) and nothing changed when there is no such version, when it has findings, or when a staged copy
 * would replace another version. */
bool dataset_promote(const char *root, const char *name, struct findings *out, char *error, size_t size);

/* Name of the active version; "" when there is none. */
void dataset_active(const char *root, char name[64]);

/* A version's name: letters, digits, dots, dashes and underscores, at most 48, and no dot in front. */
bool dataset_name_good(const char *name);

#endif
