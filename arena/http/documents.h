/*
 * documents.h - what the server tells of itself: /SKILL.md, /skill.md, /skill.json, /openapi.json, /llms.txt.
 *
 *   documents/    the words: templates of the texts, and the shapes that openapi.json is made of
 *   openapi.c     /openapi.json, from the table of routes
 *   skill.c       the challenges and the addresses, as text and as JSON
 *   documents.c   makes the documents, keeps them, serves them
 *
 * They are made once, when the server starts.  All that changes from request to request is the server's address, as its
 * clients know it: in what is kept DOCUMENT_ADDRESS stands for it, which no name server ever resolves.
 */
#ifndef HTTP_DOCUMENTS_H
#define HTTP_DOCUMENTS_H

#include <stdbool.h>

#include "core/text.h"

#define DOCUMENT_ADDRESS "http://arena.invalid"

struct documents;
struct exchange;
struct site;

/* Makes all documents of a server with these settings and challenges; aborts when the machine has no memory. */
struct documents *documents_open(const struct site *site);
void documents_close(struct documents *documents); /* NULL is fine */

/* The server's address as the one who asks knows it, `https://arena.example`, appended to out: from Host, and from
 * X-Forwarded-Proto and X-Forwarded-Host when a proxy on this machine passed the request on. */
void documents_address(const struct exchange *exchange, struct text *out);

/* The makers append to out.  auth: for a server in auth mode.  challenges: the metadata of all, a JSON object by id. */

/* openapi.c; words: the document's beginning and its components, as JSON. */
void openapi_write(struct text *out, bool auth, arena_text words);

/* skill.c */
void skill_write(struct text *out, bool auth, arena_text challenges); /* skill.json */
void skill_challenges(struct text *out, arena_text challenges);       /* a section of Markdown for each */
void skill_links(struct text *out, arena_text challenges);            /* a line for each */
void skill_first(struct text *out, arena_text challenges);            /* the id of the first one */
void skill_routes(struct text *out);                                  /* a line for each address */
void skill_tools(struct text *out);                                   /* the names of the tools of /mcp */

/* Appends a jansson value and frees it; it is a json_t, which core/json.h cannot stand beside. */
void documents_put(struct text *out, void *json);

#endif
