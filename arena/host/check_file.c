#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/check_internal.h"

/* Symbols that the tool chain exports on its own. */
static bool is_own_symbol(const char *name)
{
    static const char *const known[] = {"arena_operators", "_init", "_fini", "__bss_start", "_edata", "_end"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, known[i]) == 0)
            return true;
    static const char *const prefixes[] = {"__asan", "__ubsan", "__sanitizer", "__sancov",
                                           "__gcov", "__odr",   "___asan"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

/* A copy of count things of size bytes at offset of the file; NULL when the file does not have them. */
static void *file_read(FILE *file, uint64_t offset, uint64_t count, size_t size)
{
    enum { MOST = 64 << 20 };
    if (!count || count > MOST / size || offset > INT32_MAX || fseek(file, (long)offset, SEEK_SET) != 0)
        return NULL;
    char *bytes = malloc(count * size + 1);
    if (!bytes || fread(bytes, size, count, file) != count) {
        free(bytes);
        return NULL;
    }
    bytes[count * size] = 0; /* ends the last string of a string table */
    return bytes;
}

static void exports_note(const Elf64_Sym *symbols, uint64_t count, const char *strings, uint64_t string_bytes,
                         struct shared *shared)
{
    char names[200] = "";
    size_t used = 0;
    unsigned found = 0;
    for (uint64_t i = 0; i < count; i++) {
        const Elf64_Sym *symbol = &symbols[i];
        if (symbol->st_shndx == SHN_UNDEF || symbol->st_name >= string_bytes ||
            ELF64_ST_BIND(symbol->st_info) == STB_LOCAL || is_own_symbol(strings + symbol->st_name))
            continue;
        found++;
        if (used + 1 < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, " %s", strings + symbol->st_name);
    }
    if (found)
        check_note(shared, CHECK_EXPORTS, LEVEL_WARN,
                   "exports %u symbols beside arena_operators, which may clash with others':%s "
                   "(build with -fvisibility=hidden)",
                   found, names);
}

void file_exports(const char *path, struct shared *shared)
{
    FILE *file = fopen(path, "rb");
    Elf64_Ehdr *header = file ? file_read(file, 0, 1, sizeof *header) : NULL;
    Elf64_Shdr *sections = NULL;
    if (header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == ELFCLASS64 &&
        header->e_shentsize == sizeof *sections)
        sections = file_read(file, header->e_shoff, header->e_shnum, sizeof *sections);
    for (unsigned i = 0; sections && i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_DYNSYM || sections[i].sh_link >= header->e_shnum)
            continue;
        const Elf64_Shdr *names = &sections[sections[i].sh_link];
        uint64_t count = sections[i].sh_size / sizeof(Elf64_Sym);
        Elf64_Sym *symbols = file_read(file, sections[i].sh_offset, count, sizeof *symbols);
        char *strings = file_read(file, names->sh_offset, names->sh_size, 1);
        if (symbols && strings)
            exports_note(symbols, count, strings, names->sh_size, shared);
        free(symbols);
        free(strings);
    }
    free(sections);
    free(header);
    if (file)
        fclose(file);
}

/* A JSON example as the content that a player would send: a string is its own content. */
static void content_add(json_t *contents, const json_t *example)
{
    if (json_is_string(example)) {
        json_array_append_new(contents, json_copy((json_t *)example));
    } else if (example) {
        char *text = json_dumps(example, JSON_COMPACT | JSON_ENCODE_ANY);
        json_array_append_new(contents, json_string(text));
        free(text);
    }
}

static void method_read(struct method *method, const json_t *json, struct shared *shared)
{
    const json_t *name = json_object_get(json, "name"), *schema = json_object_get(json, "schema");
    const json_t *example = json_object_get(json, "example"), *value;
    size_t index;
    method->name = (arena_text){json_string_value(name), json_string_length(name)};
    method->contents = json_array();
    content_add(method->contents, example);
    json_array_foreach(json_object_get(json, "examples"), index, value)
        content_add(method->contents, value);
    json_array_foreach(json_object_get(schema, "enum"), index, value)
        content_add(method->contents, value);
    const json_t *type = json_object_get(schema, "type");
    method->is_strict = json_object_get(schema, "enum") || json_object_get(schema, "const") ||
                        (json_is_string(type) && strcmp(json_string_value(type), "string") != 0);
    if (!json_is_object(schema))
        check_note(shared, CHECK_METHODS, LEVEL_WARN, "the method %s has no \"schema\" for programs", method->name.ptr);
    if (!json_array_size(method->contents))
        check_note(shared, CHECK_METHODS, LEVEL_WARN, "the method %s has no \"example\" for people and checks",
                   method->name.ptr);
}

void file_methods(struct subject *subject, struct shared *shared)
{
    const arena_text text = subject->op->facts.metadata;
    json_t *metadata = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL); /* lives as long as we do */
    const json_t *methods = json_object_get(metadata, "methods");
    subject->method_count = json_array_size(methods);
    subject->methods = calloc(subject->method_count + 1, sizeof *subject->methods);
    for (size_t i = 0; i < subject->method_count; i++)
        method_read(&subject->methods[i], json_array_get(methods, i), shared);
    if (!subject->method_count)
        check_note(shared, CHECK_METHODS, LEVEL_WARN, "there are no methods: nobody can act");
    if (!json_is_string(json_object_get(metadata, "prompt")))
        check_note(shared, CHECK_METHODS, LEVEL_WARN, "the metadata has no \"prompt\" that tells agents the rules");
    const json_t *secrets = json_object_get(metadata, "secrets");
    subject->shares_secrets = json_is_string(secrets) && strcmp(json_string_value(secrets), "shared") == 0;
}
