/*
 * auth.h - who is who in auth mode: Ed25519 keys of users, keys of sessions.
 *
 * A user is an Ed25519 key.  It signs `arena:v1:join:{invite}:{timestamp}` to take a seat, and its userId is the
 * SHA-256 of the key's text, so that nobody can join under another's name.  The answer holds a session key,
 * `s_<seat>.<HMAC>`, good for this seat of this session only; the server keeps none of them, it works them out again.
 *
 * auth.c knows the cryptography, auth_request.c what a request says.  docs/http.md has it from the client's side.
 */
#ifndef HTTP_AUTH_H
#define HTTP_AUTH_H

#include "core/text.h"
#include "http/exchange.h"

enum {
    AUTH_SECRET_MIN = 16,          /* bytes of a secret that is given */
    AUTH_KEY_BYTES = 80,           /* of a session key and its NUL */
    AUTH_USER_BYTES = 65,          /* of a userId and its NUL */
    AUTH_WINDOW_MS = 5 * 60 * 1000 /* between a signature and its use */
};

struct auth;

/* The two secrets of a server. */
#define AUTH_SECRET_NAME "auth-secret" /* what session keys are made with */
#define AUTH_ADMIN_NAME "admin-token"  /* what administrators show */

/* secret: as given.  NULL: it is kept in folder/name, made when it is not there.  NULL and a sentence in error when
 * there is none to be had, or others than the owner may read the file. */
struct auth *auth_open(const char *secret, const char *folder, const char *name, char *error, size_t error_size);
void auth_close(struct auth *auth); /* NULL is fine */

/* The key of a seat; and the seat that a key is for, false when it is none of this session's. */
void auth_session_key(const struct auth *auth, arena_text session, uint32_t seat, char out[AUTH_KEY_BYTES]);
bool auth_seat(const struct auth *auth, arena_text key, arena_text session, uint32_t *seat);

/* True when the text is the secret itself.  Takes as long for one wrong text as for another. */
bool auth_is(const struct auth *auth, arena_text text);

/* Checks the signature of message under a public key in hex (DER, or the raw 32 bytes), and tells whose it is.  False
 * when anything is amiss. */
bool auth_verify(arena_text public_key, arena_text signature, arena_text message, char user[AUTH_USER_BYTES]);

/* The player whose key this request carries, in the session: its invite, or empty for nobody.  False when there is a
 * key that is not this session's; the request is not answered then. */
bool auth_player(struct exchange *exchange, arena_text session, arena_text *player);

/* Works out who asks, from the session that the request's address and body name, into exchange->player.  False when the
 * request is answered: its key is none of this session's, or it names two sessions. */
bool auth_identify(struct exchange *exchange);

/* Whose request this is by the publicKey, signature and timestamp of its body, of arena:v1:PURPOSE:TIMESTAMP.  False
 * when it is nobody's and is answered. */
struct proof {
    char user[AUTH_USER_BYTES];
    int64_t timestamp;
};
bool auth_prove(struct exchange *exchange, arena_text purpose, struct proof *proof);

/* A member of the body that must be a text; empty when it is not there or null.  False when it is something else and
 * the request is answered. */
bool auth_text(struct exchange *exchange, const char *name, arena_text *out);

/* POST /api/arena/join in auth mode. */
bool auth_join(struct exchange *exchange);

/* For exchange->complete of a join, in both modes: adds the session key; hides why it failed, if that is wanted. */
void auth_joined(struct exchange *exchange);

#endif
