/*
 * module.h - a shared object with operators, opened in this process and looked at without calling anything.
 */
#ifndef HOST_MODULE_H
#define HOST_MODULE_H

#include <stdbool.h>

#include "host/rules.h"

enum {
    MODULE_OPERATORS_MAX = 64,
    MODULE_METADATA_MAX = 1 << 20,
    MODULE_VERSION_MAX = 64, /* of the operator's own version text */
    MODULE_PROBLEM_MAX = 512,
};

/* What an operator says of itself.  The texts are borrowed: from the module, or from a frame. */
struct operator_facts {
    arena_text id, version, metadata;
    uint32_t state_version;
    arena_quota quota; /* as declared, 0 for a default */
};

struct module_operator {
    arena_operator code; /* a whole struct: members the module is too old to have are NULL */
    struct operator_facts facts;
};

struct module {
    void *handle;
    uint32_t count;
    struct module_operator operators[MODULE_OPERATORS_MAX];
};

/* Opens path (RTLD_NOW | RTLD_LOCAL) and checks the ABI number, the structs' sizes and that what is required is
 * there.  False: module is empty and problem holds a sentence without the path.  The module's constructors run
 * in this process. */
bool module_open(struct module *module, const char *path, char problem[MODULE_PROBLEM_MAX]);

/* Unloads.  Nothing that came from the module may be used afterwards. */
void module_close(struct module *module);

/* Checks what an operator says of itself, from wherever it came: id, version, quota and the metadata, of which
 * name and players are given back when wanted (name by malloc, the caller frees it).  False with a sentence. */
bool facts_check(const struct operator_facts *facts, arena_text *name, uint32_t *players,
                 char problem[MODULE_PROBLEM_MAX]);

#endif
