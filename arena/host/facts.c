/*
 * facts.c - is what an operator says of itself good enough to be shown to people?
 *
 * Apart from module.c because the worker, which opens modules, parses no JSON.
 */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/module.h"

__attribute__((format(printf, 3, 4))) static bool refuse(char problem[MODULE_PROBLEM_MAX],
                                                         const struct operator_facts *facts, const char *format, ...)
{
    int used = snprintf(problem, MODULE_PROBLEM_MAX, "operator %.*s: ", (int)facts->id.len, facts->id.ptr);
    va_list args;
    va_start(args, format);
    vsnprintf(problem + used, MODULE_PROBLEM_MAX - (size_t)used, format, args);
    va_end(args);
    return false;
}

static bool is_text(const json_t *value)
{
    return json_is_string(value) && json_string_length(value) > 0 &&
           strlen(json_string_value(value)) == json_string_length(value);
}

static bool methods_check(const struct operator_facts *facts, const json_t *methods, char problem[MODULE_PROBLEM_MAX])
{
    if (!json_is_array(methods))
        return refuse(problem, facts, "the metadata has no array \"methods\"");
    for (size_t i = 0; i < json_array_size(methods); i++) {
        const json_t *method = json_array_get(methods, i);
        const json_t *name = json_object_get(method, "name");
        if (!is_text(name) || json_string_length(name) > RULES_NAME_MAX)
            return refuse(problem, facts, "methods[%zu] has no \"name\" of 1 to %d bytes", i, RULES_NAME_MAX);
        if (!is_text(json_object_get(method, "description")))
            return refuse(problem, facts, "the method %s has no \"description\"", json_string_value(name));
        for (size_t k = 0; k < i; k++)
            if (json_equal(json_object_get(json_array_get(methods, k), "name"), name))
                return refuse(problem, facts, "the method %s is there twice", json_string_value(name));
    }
    return true;
}

static bool metadata_check(const struct operator_facts *facts, const json_t *metadata, char problem[MODULE_PROBLEM_MAX])
{
    if (!json_is_object(metadata))
        return refuse(problem, facts, "the metadata is not a JSON object");
    static const char *const words[] = {"name", "description"};
    for (size_t i = 0; i < 2; i++)
        if (!is_text(json_object_get(metadata, words[i])))
            return refuse(problem, facts, "the metadata has no text \"%s\"", words[i]);
    const json_t *players = json_object_get(metadata, "players");
    json_int_t count = json_integer_value(players); /* 0 for what is no integer */
    if (count < 1 || count > ARENA_SEATS_MAX)
        return refuse(problem, facts, "the metadata's \"players\" is %lld%s, expected an integer of 1 to %u",
                      (long long)count, json_is_integer(players) ? "" : " or no integer", ARENA_SEATS_MAX);
    return methods_check(facts, json_object_get(metadata, "methods"), problem);
}

bool facts_check(const struct operator_facts *facts, arena_text *name, uint32_t *players,
                 char problem[MODULE_PROBLEM_MAX])
{
    char quota_problem[RULES_PROBLEM_MAX];
    if (!id_is_valid(facts->id)) {
        snprintf(problem, MODULE_PROBLEM_MAX, "has an operator whose id is not [a-z0-9-]{1,64}");
        return false;
    }
    if (facts->version.len < 1 || facts->version.len > MODULE_VERSION_MAX || !text_is_utf8(facts->version))
        return refuse(problem, facts, "its version is not text of 1 to %d bytes", MODULE_VERSION_MAX);
    if (facts->state_version < 1)
        return refuse(problem, facts, "its state_version is 0, expected at least 1");
    if (!quota_is_valid(facts->quota, quota_problem))
        return refuse(problem, facts, "%s", quota_problem);
    if (facts->metadata.len > MODULE_METADATA_MAX)
        return refuse(problem, facts, "the metadata has %zu bytes, expected at most %d", facts->metadata.len,
                      MODULE_METADATA_MAX);
    json_error_t error;
    json_t *metadata = json_loadb(facts->metadata.ptr, facts->metadata.len, JSON_REJECT_DUPLICATES, &error);
    if (!metadata)
        return refuse(problem, facts, "the metadata is not JSON: %s, line %d", error.text, error.line);
    bool good = metadata_check(facts, metadata, problem);
    if (good && players)
        *players = (uint32_t)json_integer_value(json_object_get(metadata, "players"));
    if (good && name) {
        const json_t *value = json_object_get(metadata, "name");
        char *copy = strdup(json_string_value(value));
        if (!copy)
            abort();
        *name = (arena_text){copy, json_string_length(value)};
    }
    json_decref(metadata);
    return good;
}
