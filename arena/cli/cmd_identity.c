/* cmd_identity.c - the user's identities: making them, listing them, choosing the default. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/identity.h"
#include "cli/term.h"

static json_t *as_json(const char *name, const struct identity *identity)
{
    return json_pack("{s:s, s:s, s:s}", "name", name, "userId", identity->user, "publicKey", identity->public_key);
}

static int show(const struct cli *cli, const char *name, const struct identity *identity)
{
    struct text path = {0};

    if (cli->json) {
        json_t *answer = as_json(name, identity);
        print_json(answer);
        json_decref(answer);
    } else if (identity_file(name, &path)) {
        printf("name  %s\nuser  %s\nkey   %s\nfile  %s\n", name, identity->user, identity->public_key,
               text_cstr(&path));
    }
    text_free(&path);
    return CLI_OK;
}

static int run_new(struct cli *cli, const struct args *args)
{
    struct identity identity;
    const char *name = args->words[1] ? args->words[1] : "default";

    if (!identity_new(name, &identity))
        return CLI_REFUSED;
    int code = show(cli, name, &identity);
    identity_finish(&identity);
    return code;
}

static int run_show(struct cli *cli, const struct args *args)
{
    struct identity identity;
    char chosen[IDENTITY_NAME_MAX + 1];
    const char *name = args->words[1];

    if (!name && !identity_default(chosen)) {
        complain("there is no identity yet; make one with `arena identity new`.");
        return CLI_REFUSED;
    }
    name = name ? name : chosen;
    if (!identity_read(name, &identity))
        return CLI_REFUSED;
    int code = show(cli, name, &identity);
    identity_finish(&identity);
    return code;
}

struct list {
    struct cli *cli;
    char chosen[IDENTITY_NAME_MAX + 1];
    int count;
    bool good;
};

static void list_one(void *ctx, const char *name)
{
    struct list *list = ctx;
    struct identity identity;
    bool is_default = strcmp(name, list->chosen) == 0;

    list->count++;
    if (!identity_read(name, &identity)) {
        list->good = false;
        return;
    }
    if (list->cli->json) {
        json_t *answer = as_json(name, &identity);
        json_object_set_new(answer, "default", json_boolean(is_default));
        print_json(answer);
        json_decref(answer);
    } else {
        struct text line = {0};
        text_puts(&line, is_default ? "* " : "  ");
        put_padded(&line, name, 20);
        text_printf(&line, "  %s\n", identity.user);
        print_text(&line);
        text_free(&line);
    }
    identity_finish(&identity);
}

static int run_list(struct cli *cli, const struct args *args)
{
    (void)args;
    struct list list = {.cli = cli, .good = true};

    if (!identity_default(list.chosen))
        list.chosen[0] = '\0';
    identity_names(list_one, &list);
    if (list.count == 0 && !cli->json)
        puts("There is no identity yet; make one with `arena identity new`.");
    return list.good ? CLI_OK : CLI_REFUSED;
}

static int run_use(struct cli *cli, const struct args *args)
{
    struct identity identity;
    const char *name = args->words[1];

    (void)cli;
    if (!identity_read(name, &identity)) /* what cannot sign is no default */
        return CLI_REFUSED;
    identity_finish(&identity);
    if (!identity_use(name)) {
        complain("only an identity with a name can be the default, and \"%s\" is a file.", name);
        return CLI_REFUSED;
    }
    return CLI_OK;
}

int run_identity(struct cli *cli, const struct args *args)
{
    static const struct verb verbs[] = {
        {"new", "[NAME]", 0, 1, run_new},
        {"list", "", 0, 0, run_list},
        {"show", "[NAME]", 0, 1, run_show},
        {"use", "NAME", 1, 1, run_use},
        {0},
    };
    return run_verb(cli, args, "identity", verbs);
}
