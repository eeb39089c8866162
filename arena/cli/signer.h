/*
 * signer.h - the user's key between an agent and the arena's tools (MCP), for a server in auth mode: signs joins, keeps
 * the session keys that come back, and gives each call the one it needs.  So the agent plays as it would without
 * authentication, and no key of any kind comes before its eyes.
 *
 * The keys are remembered for later commands too (seats.h), so that an agent whose program is started again goes on.
 *
 * What it knows of the tools: `join` takes a seat, and the arguments named `session` and `from` say which seat a call
 * is about.
 */
#ifndef CLI_SIGNER_H
#define CLI_SIGNER_H

#include <stdbool.h>

#include <jansson.h>

struct signer;

/* Joins at the server at url (borrowed) are signed by the identity that word tells, or the one to pick without a word
 * (identity.h).  *signer is NULL when there is none.  False after a sentence on standard error. */
bool signer_open(const char *word, const char *url, struct signer **signer);
void signer_close(struct signer *signer); /* NULL is fine */

/* What the agent sends, a message or an array of them, becomes what the server needs.  False: nothing was changed. */
bool signer_outgoing(struct signer *signer, json_t *sent);

/* A message of the server's in answer to what was sent becomes what the agent shall see. */
void signer_incoming(struct signer *signer, const json_t *sent, json_t *answer);

#endif
