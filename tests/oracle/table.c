/* table.c - how often each move, ability and item took effect in steps that were equal, and in steps that differed. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry { /* a move, ability or item */
    char id[28];
    int equal, differ, unknown; /* steps */
    int blamed;
};

struct blame { /* a differing step: its entries as indices */
    int *entries;
    int n, suspect;
};

static struct entry *entries;
static int entries_n, entries_cap;
static struct blame *blames;
static int blames_n, blames_cap;

static void *grow(void *p, int *cap, size_t size)
{
    *cap = *cap ? *cap * 2 : 256;
    p = realloc(p, (size_t)*cap * size);
    if (!p)
        abort();
    return p;
}

static int entry_of(const char *id, size_t len)
{
    for (int i = 0; i < entries_n; i++)
        if (!strncmp(entries[i].id, id, len) && !entries[i].id[len])
            return i;
    if (entries_n == entries_cap)
        entries = grow(entries, &entries_cap, sizeof *entries);
    struct entry *e = &entries[entries_n];
    memset(e, 0, sizeof *e);
    snprintf(e->id, sizeof e->id, "%.*s", (int)len, id);
    return entries_n++;
}

void table_count(const char *touched, bool equal)
{
    struct blame b = {NULL, 0, -1};
    for (const char *at = touched; *(at += strspn(at, " "));) {
        size_t len = strcspn(at, " ");
        int i = entry_of(at, len);
        if (equal) {
            entries[i].equal++;
        } else {
            entries[i].differ++;
            b.entries = realloc(b.entries, (size_t)(b.n + 1) * sizeof *b.entries);
            if (!b.entries)
                abort();
            b.entries[b.n++] = i;
        }
        at += len;
    }
    if (equal)
        return;
    if (blames_n == blames_cap)
        blames = grow(blames, &blames_cap, sizeof *blames);
    blames[blames_n++] = b;
}

static int count_unblamed(int *open)
{
    int left = 0;
    memset(open, 0, (size_t)entries_n * sizeof *open);
    for (int i = 0; i < blames_n; i++) {
        if (blames[i].suspect >= 0 || !blames[i].n)
            continue;
        left++;
        for (int k = 0; k < blames[i].n; k++)
            open[blames[i].entries[k]]++;
    }
    return left;
}

void table_blame(void)
{
    int *open = calloc((size_t)entries_n + 1, sizeof *open);
    if (!open)
        abort();
    while (count_unblamed(open)) {
        int best = -1;
        double most = 0;
        for (int i = 0; i < entries_n; i++) {
            double share = open[i] / (1.0 + entries[i].equal + entries[i].differ) * open[i];
            if (open[i] && share > most) {
                most = share;
                best = i;
            }
        }
        for (int i = 0; i < blames_n; i++) {
            bool in = false;
            for (int k = 0; k < blames[i].n; k++)
                in |= blames[i].entries[k] == best;
            if (in && blames[i].suspect < 0) {
                blames[i].suspect = best;
                entries[best].blamed++;
            }
        }
    }
    free(open);
}

void table_pool(const char *folder, const char *name, char kind)
{
    static char path[512], line[1 << 16], id[40];
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("cannot read %s\n", path);
        return;
    }
    while (fgets(line, sizeof line, f)) {
        char found[36];
        if (sscanf(line, "{\"id\":\"%35[a-z0-9]\"", found) == 1) {
            snprintf(id, sizeof id, "%c:%s", kind, found);
            entry_of(id, strlen(id));
        }
    }
    fclose(f);
}

static int by_blame(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return y->blamed != x->blamed ? y->blamed - x->blamed : strcmp(x->id, y->id);
}

void table_write(const char *path)
{
    struct {
        int equal, differ, never;
    } sums[3] = {{0, 0, 0}};
    static const char kinds[] = "mai", *const names[] = {"moves", "abilities", "items"};
    qsort(entries, (size_t)entries_n, sizeof *entries, by_blame);
    FILE *f = path ? fopen(path, "w") : NULL;
    for (int i = 0; i < entries_n; i++) {
        const struct entry *e = &entries[i];
        int k = (int)(strchr(kinds, e->id[0]) - kinds);
        const char *what = e->blamed ? "differing" : e->equal ? "equal" : e->differ ? "hidden" : "not_exercised";
        sums[k].equal += !strcmp(what, "equal");
        sums[k].differ += e->blamed > 0;
        sums[k].never += !e->equal && !e->blamed;
        if (f)
            fprintf(f, "%s %s equal %d differ %d blamed %d\n", e->id, what, e->equal, e->differ, e->blamed);
    }
    if (f)
        fclose(f);
    for (int k = 0; k < 3; k++)
        printf("%s: %d exercised and equal, %d exercised and differing, %d not exercised\n", names[k], sums[k].equal,
               sums[k].differ, sums[k].never);
    printf("suspects:");
    for (int i = 0; i < entries_n && i < 40 && entries[i].blamed; i++)
        printf(" %s(%d/%d)", entries[i].id, entries[i].blamed, entries[i].equal + entries[i].differ);
    printf("\n");
}

/* -------------------------------------------------------------------------------------------------- reasons --- */

struct reason {
    char text[160];
    int n;
};

static struct reason *reasons;
static int reasons_n, reasons_cap;

void tally_add(const char *text)
{
    int i = 0;
    while (i < reasons_n && strncmp(reasons[i].text, text, sizeof reasons[i].text - 1) != 0)
        i++;
    if (i == reasons_n) {
        if (reasons_n == reasons_cap)
            reasons = grow(reasons, &reasons_cap, sizeof *reasons);
        snprintf(reasons[reasons_n].text, sizeof reasons[0].text, "%s", text);
        reasons[reasons_n++].n = 0;
    }
    reasons[i].n++;
}

static int by_count(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;
    return y->n != x->n ? y->n - x->n : strcmp(x->text, y->text);
}

void tally_write(int most)
{
    qsort(reasons, (size_t)reasons_n, sizeof *reasons, by_count);
    for (int i = 0; i < reasons_n && i < most; i++)
        printf("%6d  %s\n", reasons[i].n, reasons[i].text);
}
