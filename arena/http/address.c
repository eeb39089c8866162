#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { MAPPED_BITS = 96, TEXT_MAX = 64 };

static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

void address_of(const struct sockaddr *address, uint8_t out[ADDRESS_BYTES])
{
    memset(out, 0, ADDRESS_BYTES);
    if (address && address->sa_family == AF_INET) {
        memcpy(out, mapped, sizeof mapped);
        memcpy(out + sizeof mapped, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    } else if (address && address->sa_family == AF_INET6) {
        memcpy(out, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, ADDRESS_BYTES);
    }
}

/* *v4 tells which it was. */
static bool parse(arena_text text, uint8_t out[ADDRESS_BYTES], bool *v4)
{
    char copy[TEXT_MAX];

    if (!text.len || text.len >= sizeof copy || memchr(text.ptr, '\0', text.len))
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    memcpy(out, mapped, sizeof mapped);
    *v4 = inet_pton(AF_INET, copy, out + sizeof mapped) == 1;
    return *v4 || inet_pton(AF_INET6, copy, out) == 1;
}

bool address_parse(arena_text text, uint8_t out[ADDRESS_BYTES])
{
    const char *end = text.len ? memchr(text.ptr, ']', text.len) : NULL;
    const char *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    bool v4;

    if (end && text.ptr[0] == '[')
        text = (arena_text){text.ptr + 1, (size_t)(end - text.ptr) - 1};
    else if (colon && !memchr(colon + 1, ':', text.len - (size_t)(colon + 1 - text.ptr)))
        text.len = (size_t)(colon - text.ptr); /* one colon: a port follows */
    return parse(text, out, &v4);
}

static bool is_mapped(const uint8_t address[ADDRESS_BYTES])
{
    return memcmp(address, mapped, sizeof mapped) == 0;
}

void address_client(const uint8_t address[ADDRESS_BYTES], uint8_t out[ADDRESS_BYTES])
{
    memcpy(out, address, ADDRESS_BYTES);
    if (!is_mapped(address))
        memset(out + ADDRESS_BYTES / 2, 0, ADDRESS_BYTES / 2);
}

bool address_is_loopback(const uint8_t address[ADDRESS_BYTES])
{
    static const uint8_t one[ADDRESS_BYTES] = {[15] = 1};
    return is_mapped(address) ? address[12] == 127 : memcmp(address, one, sizeof one) == 0;
}

bool address_range_parse(arena_text text, struct address_range *out)
{
    const char *slash = text.len ? memchr(text.ptr, '/', text.len) : NULL;
    arena_text number = slash ? (arena_text){slash + 1, text.len - (size_t)(slash + 1 - text.ptr)} : (arena_text){0};
    unsigned bits = 0, most;
    bool v4;

    if (slash)
        text.len = (size_t)(slash - text.ptr);
    if (!parse(text, out->base, &v4) || (slash && (!number.len || number.len > 3)))
        return false;
    most = v4 ? 32 : 128;
    for (size_t i = 0; i < number.len; i++) {
        if (number.ptr[i] < '0' || number.ptr[i] > '9')
            return false;
        bits = 10 * bits + (unsigned)(number.ptr[i] - '0');
    }
    if (bits > most)
        return false;
    out->bits = (uint8_t)((slash ? bits : most) + (v4 ? MAPPED_BITS : 0));
    return true;
}

static bool in_range(const struct address_range *range, const uint8_t address[ADDRESS_BYTES])
{
    size_t bytes = range->bits / 8;
    unsigned rest = range->bits % 8;

    return memcmp(range->base, address, bytes) == 0 &&
           (!rest || (range->base[bytes] ^ address[bytes]) >> (8 - rest) == 0);
}

bool address_in(const struct address_range *ranges, size_t count, const uint8_t address[ADDRESS_BYTES])
{
    for (size_t i = 0; i < count; i++)
        if (in_range(&ranges[i], address))
            return true;
    return false;
}
