#include "host/module.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The size of arena_operator in the first header with this ABI number: older cannot be. */
enum { OPERATOR_SIZE_FIRST = 136 };
_Static_assert(sizeof(arena_operator) >= OPERATOR_SIZE_FIRST, "arena_operator only grows");
_Static_assert(sizeof(void *) != 8 || offsetof(arena_operator, extension) + sizeof(void *) == OPERATOR_SIZE_FIRST,
               "the members of the first header stay where they are");

__attribute__((format(printf, 2, 3))) static bool refuse(char problem[MODULE_PROBLEM_MAX], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(problem, MODULE_PROBLEM_MAX, format, args);
    va_end(args);
    return false;
}

static bool functions_check(const arena_operator *code, const char *id, char problem[MODULE_PROBLEM_MAX])
{
    const struct {
        const char *name;
        bool is_there;
    } rows[] = {
        {"create", code->create != NULL},   {"restore", code->restore != NULL}, {"serialize", code->serialize != NULL},
        {"join", code->join != NULL},       {"message", code->message != NULL}, {"active", code->active != NULL},
        {"actions", code->actions != NULL}, {"view", code->view != NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!rows[i].is_there)
            return refuse(problem, "operator %.64s has no function %s, which is required", id, rows[i].name);
    return true;
}

/* One operator: its size first, since nothing behind that may be read. */
static bool operator_read(struct module_operator *out, const arena_operator *in, uint32_t index,
                          char problem[MODULE_PROBLEM_MAX])
{
    if (!in)
        return refuse(problem, "operator %u of the module is NULL", index);
    if (in->size < OPERATOR_SIZE_FIRST)
        return refuse(problem, "operator %u has a struct of %u bytes, expected at least %d", index, in->size,
                      OPERATOR_SIZE_FIRST);
    memset(out, 0, sizeof *out);
    memcpy(&out->code, in, in->size < sizeof out->code ? in->size : sizeof out->code);
    const arena_operator *code = &out->code;
    if (!code->id || !code->version || !code->metadata.ptr)
        return refuse(problem, "operator %u has no %s, which is required", index,
                      !code->id        ? "id"
                      : !code->version ? "version"
                                       : "metadata");
    if (!functions_check(code, code->id, problem))
        return false;
    out->facts = (struct operator_facts){
        .id = {code->id, strnlen(code->id, HOST_CODE_MAX + 1)},
        .version = {code->version, strnlen(code->version, MODULE_VERSION_MAX + 1)},
        .metadata = code->metadata,
        .state_version = code->state_version,
        .quota = code->quota,
    };
    return true;
}

static bool entry_read(struct module *module, const arena_entry *entry, char problem[MODULE_PROBLEM_MAX])
{
    if (!entry)
        return refuse(problem, "the symbol arena_operators is missing: not an operator module");
    if (entry->abi != ARENA_OPERATOR_ABI)
        return refuse(problem, "built for operator ABI %u, expected %u", entry->abi, ARENA_OPERATOR_ABI);
    if (entry->count < 1 || entry->count > MODULE_OPERATORS_MAX || !entry->operators)
        return refuse(problem, "has %u operators, expected 1 to %d", entry->count, MODULE_OPERATORS_MAX);
    for (uint32_t i = 0; i < entry->count; i++)
        if (!operator_read(&module->operators[i], entry->operators[i], i, problem))
            return false;
    module->count = entry->count;
    return true;
}

bool module_open(struct module *module, const char *path, char problem[MODULE_PROBLEM_MAX])
{
    module->handle = NULL;
    module->count = 0;
    if (access(path, R_OK) != 0)
        return refuse(problem, "no such file, or not readable");
    char full[4096]; /* without a '/' dlopen would search the library path */
    if (snprintf(full, sizeof full, "%s%s", strchr(path, '/') ? "" : "./", path) >= (int)sizeof full)
        return refuse(problem, "the path is too long");
    module->handle = dlopen(full, RTLD_NOW | RTLD_LOCAL);
    if (!module->handle)
        return refuse(problem, "the dynamic linker says: %s", dlerror());
    if (entry_read(module, dlsym(module->handle, "arena_operators"), problem))
        return true;
    module_close(module);
    return false;
}

void module_close(struct module *module)
{
    if (module->handle)
        dlclose(module->handle);
    module->handle = NULL;
    module->count = 0;
}
