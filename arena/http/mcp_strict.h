/*
 * mcp_strict.h - core/json.h's names and jansson's do not go together in one file, so this stands between them.
 */
#ifndef HTTP_MCP_STRICT_H
#define HTTP_MCP_STRICT_H

#include <stdbool.h>

#include "arena/operator.h"

/* True when text is one JSON value, read as strictly as the REST API reads it. */
bool mcp_json_is_strict(arena_text text);

#endif
