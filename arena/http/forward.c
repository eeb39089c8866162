#include "http/forward.h"

static void take_address(struct exchange *ex, const uint8_t address[ADDRESS_BYTES])
{
    memcpy(ex->address, address, ADDRESS_BYTES);
    address_client(address, ex->client);
    ex->unlimited = !ex->site->rates || (address_is_loopback(address) && !ex->site->rates_loopback);
}

void forward_peer(struct exchange *ex, const struct sockaddr *peer)
{
    address_of(peer, ex->peer);
    ex->behind_proxy = address_in(ex->site->proxies, ex->site->proxy_count, ex->peer);
    take_address(ex, ex->peer);
    ex->secure = ex->site->tls_front != NULL;
}

void forward_begin(struct exchange *ex)
{
    ex->forwarded = false;
    if (!ex->behind_proxy)
        return;
    take_address(ex, ex->peer);
    ex->secure = ex->site->tls_front != NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The last element of a list; *list loses it. */
static arena_text last_element(arena_text *list)
{
    size_t from = list->len;

    while (from && list->ptr[from - 1] != ',')
        from--;
    arena_text element = {list->ptr + from, list->len - from};
    list->len = from ? from - 1 : 0;
    while (element.len && is_space(element.ptr[0])) {
        element.ptr++;
        element.len--;
    }
    while (element.len && is_space(element.ptr[element.len - 1]))
        element.len--;
    return element;
}

/* Each proxy appends whom it was asked by.  From the right, what trusted proxies wrote is true, and the first address
 * that is none of theirs is the client: what stands left of it the client may have invented.  A later line stands to
 * the right of an earlier one. */
void forward_for(struct exchange *ex, arena_text line)
{
    uint8_t address[ADDRESS_BYTES];
    bool found = false, proxy = true, good = true;

    if (!ex->behind_proxy)
        return;
    while (line.len && proxy && good) {
        uint8_t one[ADDRESS_BYTES];
        good = address_parse(last_element(&line), one);
        if (!good)
            break;
        memcpy(address, one, sizeof address);
        found = true;
        proxy = address_in(ex->site->proxies, ex->site->proxy_count, one);
    }
    if (!good && !found) {
        memcpy(address, ex->peer, sizeof address);
        found = true;
    }
    if (found && (!good || !proxy || !ex->forwarded))
        take_address(ex, address);
    ex->forwarded |= found && (!good || !proxy);
}

void forward_proto(struct exchange *ex, arena_text value)
{
    if (ex->behind_proxy)
        ex->secure = text_equal(last_element(&value), ARENA_TEXT("https"));
}
