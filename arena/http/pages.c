/*
 * pages.c - what is not the arena's protocol: the pages for browsers, health, figures.
 */
#include "http/pages.h"

#include "http/exchange.h"

static bool serve(struct exchange *ex, arena_text name)
{
    for (size_t i = 0; i < page_count; i++) {
        if (!text_equal(text_of(pages[i].name), name))
            continue;
        const arena_text hash = text_of(pages[i].hash);
        request_tag(&ex->request, &hash, 1);
        ex->type = pages[i].type;
        ex->page = (arena_text){pages[i].bytes, pages[i].len};
        ex->is_page = true;
        ex->status = 200;
        return true;
    }
    return exchange_not_found(ex);
}

bool page_index(struct exchange *ex)
{
    return serve(ex, ex->site->auth ? ARENA_TEXT("auth.html") : ARENA_TEXT("index.html"));
}
bool page_asset(struct exchange *ex)
{
    return serve(ex, ex->param);
}

bool page_health(struct exchange *ex)
{
    if (metrics_healthy(ex->site)) {
        struct text data = {0};
        text_lit(&ex->request.body, "{\"status\":\"ok\"");
        if (arena_data_active(ex->site->arena, &data)) {
            text_lit(&ex->request.body, ",\"data\":");
            text_put_text(&ex->request.body, text_slice(&data));
        }
        text_free(&data);
        text_put_char(&ex->request.body, '}');
        return exchange_ok(ex);
    }
    text_lit(&ex->request.body, "{\"status\":\"degraded\",\"reason\":\"STORE_FAILED\",\"error\":\"The last change "
                                "could not be written to disk\"}");
    ex->status = 503;
    return true;
}

bool page_metrics(struct exchange *ex)
{
    ex->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_write(ex->site, &ex->request.body);
    return exchange_ok(ex);
}
