/* cmd_completion.c - scripts for shells, which ask `arena completion words` what fits. */
#include <stdio.h>
#include <string.h>

#include "cli/complete.h"
#include "cli/term.h"

/* Both bash and zsh are told of a path by a lone "/", and leave it to the shell. */
static const char bash_script[] =
    "# Completion of arena(1) for bash.\n"
    "_arena() {\n"
    "    local line current=${COMP_WORDS[COMP_CWORD]}\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        if [[ $line == / ]]; then\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            [[ $current == = ]] && current=\n"
    "            while IFS= read -r line; do COMPREPLY+=(\"$line\"); done < <(compgen -f -- \"$current\")\n"
    "        else\n"
    "            COMPREPLY+=(\"${line%%$'\\t'*}\")\n"
    "        fi\n"
    "    done < <(\"${COMP_WORDS[0]}\" completion words -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _arena arena\n";

static const char zsh_script[] =
    "#compdef arena\n"
    "# Completion of arena(1) for zsh.\n"
    "_arena() {\n"
    "    local line\n"
    "    local -a found\n"
    "    for line in \"${(@f)$(\"${words[1]}\" completion words -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "        if [[ $line == / ]]; then\n"
    "            _files\n"
    "            return\n"
    "        fi\n"
    "        [[ -n $line ]] && found+=(\"${${line//:/\\\\:}/$'\\t'/:}\")\n"
    "    done\n"
    "    (( $#found )) && _describe arena found\n"
    "}\n"
    "if [[ $funcstack[1] == _arena ]]; then _arena \"$@\"; else compdef _arena arena; fi\n";

static const char fish_script[] =
    "# Completion of arena(1) for fish.\n"
    "function __arena_words\n"
    "    set -l words (commandline -opc)\n"
    "    set -l current (commandline -ct)\n"
    "    set -l found ($words[1] completion words -- $words[2..-1] \"$current\" 2>/dev/null)\n"
    "    if test \"$found[1]\" = /\n"
    "        __fish_complete_path \"$current\"\n"
    "    else\n"
    "        printf '%s\\n' $found\n"
    "    end\n"
    "end\n"
    "complete -c arena -f -a '(__arena_words)'\n";

static int run_words(struct cli *cli, const struct args *args)
{
    struct text out = {0};

    complete(cli, args->words + 1, args->word_count - 1, &out);
    print_text(&out);
    text_free(&out);
    return CLI_OK;
}

static int run_bash(struct cli *cli, const struct args *args)
{
    (void)cli, (void)args;
    fputs(bash_script, stdout);
    return CLI_OK;
}

static int run_zsh(struct cli *cli, const struct args *args)
{
    (void)cli, (void)args;
    fputs(zsh_script, stdout);
    return CLI_OK;
}

static int run_fish(struct cli *cli, const struct args *args)
{
    (void)cli, (void)args;
    fputs(fish_script, stdout);
    return CLI_OK;
}

int run_completion(struct cli *cli, const struct args *args)
{
    static const struct verb verbs[] = {
        {"bash", "", 0, 0, run_bash},
        {"zsh", "", 0, 0, run_zsh},
        {"fish", "", 0, 0, run_fish},
        {"words", "-- WORD...", 1, CLI_WORDS_MAX - 1, run_words},
        {0},
    };
    return run_verb(cli, args, "completion", verbs);
}
