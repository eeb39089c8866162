/*
 * identity.h - who one is on servers in auth mode: an Ed25519 key in a file, and what is signed with it.
 *
 * Identities have names and lie in $XDG_CONFIG_HOME/arena/identities/NAME.pem; one of them is the default.  A word with
 * a slash or a dot in it is the path of a key file instead.  A file is PKCS #8 in PEM (RFC 8410), which other tools
 * read too.  Nothing here ever prints a private key.
 */
#ifndef CLI_IDENTITY_H
#define CLI_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <sodium.h>

#include "core/text.h"

enum { IDENTITY_DER = 12 + crypto_sign_PUBLICKEYBYTES, IDENTITY_NAME_MAX = 64 };

struct identity {
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    char public_key[2 * IDENTITY_DER + 1]; /* as the arena wants it: hex of the SubjectPublicKeyInfo */
    char user[2 * crypto_hash_sha256_BYTES + 1];
};

/* A new one, which is in memory only.  False when there is no randomness. */
bool identity_make(struct identity *identity);

/* Wipes the key. */
void identity_finish(struct identity *identity);

/* Makes one and keeps it in a file that was not there; the first one with a name is the default from then on.  False
 * after a sentence on standard error. */
bool identity_new(const char *name, struct identity *identity);

/* Reads the one that word tells.  False after a sentence on standard error. */
bool identity_read(const char *word, struct identity *identity);

/* The one that signs when nothing else is said: word (may be NULL), else $ARENA_IDENTITY, else the default.  *found is
 * false when there is none of these.  False after a sentence on standard error when there is one, but it cannot be
 * used. */
bool identity_pick(const char *word, struct identity *identity, bool *found);

/* The name of the default; false when there is none. */
bool identity_default(char name[IDENTITY_NAME_MAX + 1]);
bool identity_use(const char *name);

/* The path of the key file that word tells.  False after a sentence on standard error. */
bool identity_file(const char *word, struct text *path);

/* Calls each for the names there are, in order. */
void identity_names(void (*each)(void *ctx, const char *name), void *ctx);

/* Signs `arena:v1:PURPOSE:TIMESTAMP` ("join:INVITE", "user-update") and puts publicKey, signature and timestamp into
 * the request's body. */
void identity_sign(const struct identity *identity, const char *purpose, json_t *body);

#endif
