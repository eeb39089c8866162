#include "cli/term.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDEST = 100, NARROWEST = 40 };

static bool colours;
static size_t columns_wide = WIDEST;

static const char *const styles[TERM_STYLES] = {
    [PLAIN] = "\x1b[0m",   [BOLD] = "\x1b[1m",  [DIM] = "\x1b[2m",      [RED] = "\x1b[31m",  [GREEN] = "\x1b[32m",
    [YELLOW] = "\x1b[33m", [BLUE] = "\x1b[34m", [MAGENTA] = "\x1b[35m", [CYAN] = "\x1b[36m",
};

/* Colours of the 256-colour palette, near to the ones that players know. */
static const struct {
    const char *type, *escape;
} type_colours[] = {
    {"Bug", "\x1b[38;5;142m"},      {"Dark", "\x1b[38;5;95m"},    {"Dragon", "\x1b[38;5;63m"},
    {"Electric", "\x1b[38;5;220m"}, {"Fairy", "\x1b[38;5;218m"},  {"Fighting", "\x1b[38;5;167m"},
    {"Fire", "\x1b[38;5;208m"},     {"Flying", "\x1b[38;5;147m"}, {"Ghost", "\x1b[38;5;97m"},
    {"Grass", "\x1b[38;5;77m"},     {"Ground", "\x1b[38;5;179m"}, {"Ice", "\x1b[38;5;116m"},
    {"Normal", "\x1b[38;5;144m"},   {"Poison", "\x1b[38;5;134m"}, {"Psychic", "\x1b[38;5;204m"},
    {"Rock", "\x1b[38;5;137m"},     {"Steel", "\x1b[38;5;146m"},  {"Water", "\x1b[38;5;69m"},
};

void term_init(void)
{
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");
    colours = isatty(STDOUT_FILENO) && !(no && no[0]) && kind && strcmp(kind, "dumb") != 0;
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST && size.ws_col < WIDEST)
        columns_wide = size.ws_col;
}

const char *term(enum term_style style)
{
    return colours ? styles[style] : "";
}

const char *term_type(const char *type)
{
    for (size_t i = 0; colours && type && i < sizeof type_colours / sizeof type_colours[0]; i++)
        if (strcmp(type_colours[i].type, type) == 0)
            return type_colours[i].escape;
    return "";
}

size_t term_width(const char *s)
{
    size_t width = 0;
    for (; *s; s++)
        width += ((unsigned char)*s & 0xc0) != 0x80; /* not a continuation byte */
    return width;
}

void put_padded(struct text *out, const char *s, size_t columns)
{
    put_safe(out, s);
    for (size_t width = term_width(s); width < columns; width++)
        text_put_char(out, ' ');
}

void put_column(struct text *out, const char *s, size_t columns)
{
    size_t len = 0, width = 0;
    if (term_width(s) <= columns) {
        put_padded(out, s, columns);
        return;
    }
    for (; s[len]; len++) {
        width += ((unsigned char)s[len] & 0xc0) != 0x80;
        if (width == columns)
            break;
    }
    char *start = strndup(s, len);
    put_safe(out, start ? start : "");
    text_puts(out, "…");
    free(start);
}

void put_bar(struct text *out, long part, long whole, int columns)
{
    static const char *const eighths[8] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (whole <= 0 || part < 0)
        part = 0, whole = 1;
    if (part > whole)
        part = whole;
    long cells = part * columns * 8 / whole;
    if (part > 0 && cells == 0)
        cells = 1; /* who is alive shows it */
    enum term_style style = part * 2 > whole ? GREEN : part * 5 > whole ? YELLOW : RED;
    text_puts(out, term(style));
    int column = 0;
    for (; column < cells / 8; column++)
        text_puts(out, "█");
    if (cells % 8) {
        text_puts(out, eighths[cells % 8]);
        column++;
    }
    text_puts(out, term(DIM));
    for (; column < columns; column++)
        text_puts(out, "░");
    text_puts(out, term(PLAIN));
}

void put_safe(struct text *out, const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        /* U+0080..U+009F are control characters too; in UTF-8 they begin with 0xc2. */
        bool control = (c < 0x20 && c != '\n') || c == 0x7f;
        bool control2 = c == 0xc2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xa0;
        text_put_char(out, control || control2 ? ' ' : (char)c);
        if (control2)
            s++;
    }
}

static void put_spaces(struct text *out, size_t count)
{
    while (count-- > 0)
        text_put_char(out, ' ');
}

void put_wrapped(struct text *out, const char *s, size_t at, size_t indent)
{
    char word[256];
    while (*s) {
        size_t len = strcspn(s, " \n");
        snprintf(word, sizeof word, "%.*s", (int)len, s);
        size_t width = term_width(word);
        if (at > indent && at + width > columns_wide) {
            while (out->len && out->ptr[out->len - 1] == ' ')
                out->len--;
            text_put_char(out, '\n');
            put_spaces(out, at = indent);
        }
        put_safe(out, word);
        at += width;
        s += len < sizeof word ? len : sizeof word - 1;
        if (*s == ' ') {
            text_put_char(out, ' ');
            at++;
            s++;
        } else if (*s == '\n') {
            text_put_char(out, '\n');
            put_spaces(out, at = *++s == '\n' || !*s ? 0 : indent);
        }
    }
    if (at > 0)
        text_put_char(out, '\n');
}

void print_text(struct text *out)
{
    if (out->len)
        fwrite(out->ptr, 1, out->len, stdout);
    if (fflush(stdout) != 0 && errno == EPIPE)
        _exit(0);
    text_clear(out);
}

int read_line(char *line, size_t size, int timeout_ms)
{
    static char waiting[4096]; /* what was read behind the last line */
    static size_t len;
    for (;;) {
        char *newline = memchr(waiting, '\n', len);
        if (newline || len == sizeof waiting) {
            size_t taken = newline ? (size_t)(newline - waiting) : len;
            snprintf(line, size, "%.*s", (int)taken, waiting);
            size_t used = newline ? taken + 1 : taken;
            memmove(waiting, waiting + used, len -= used);
            return 1;
        }
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        int ready = poll(&input, 1, timeout_ms);
        if (ready == 0)
            return 0;
        ssize_t got = ready < 0 ? -1 : read(STDIN_FILENO, waiting + len, sizeof waiting - len);
        if (got == 0 && len > 0)
            waiting[len++] = '\n'; /* a last line without newline counts */
        else if (got <= 0)
            return -1;
        else
            len += (size_t)got;
    }
}
