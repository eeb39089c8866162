/* auth.c - the server's secret, session keys, and signatures. */
#define _GNU_SOURCE
#include "http/auth.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_BYTES = 32, SECRET_FILE_MAX = 4096, PUBLIC = crypto_sign_PUBLICKEYBYTES, SIGNATURE = crypto_sign_BYTES };

struct auth {
    size_t len;
    char secret[]; /* as text: the reference takes its bytes as they are */
};

/* The secret. ---------------------------------------------------------------------------------------------- */

static struct auth *keep(const char *secret, size_t len)
{
    struct auth *auth = malloc(sizeof *auth + len);
    if (!auth)
        abort();
    auth->len = len;
    memcpy(auth->secret, secret, len);
    return auth;
}

/* A new secret in a file of its own.  It must outlive a crash, as the keys made with it will. */
static bool make_file(const char *path, const char *folder)
{
    uint8_t bytes[SECRET_BYTES];
    char line[2 * SECRET_BYTES + 2];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return errno == EEXIST;
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(line, sizeof line, bytes, sizeof bytes);
    line[sizeof line - 2] = '\n';
    bool good = write(fd, line, sizeof line - 1) == (ssize_t)sizeof line - 1 && fsync(fd) == 0;
    close(fd);
    if (!good)
        unlink(path); /* half a secret would be taken for a whole one */
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
        fsync(dir);
        close(dir);
    }
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(line, sizeof line);
    return good;
}

static struct auth *read_file(int fd, const char *path, char *error, size_t error_size)
{
    char text[SECRET_FILE_MAX];
    struct stat status;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 077)) {
        snprintf(error, error_size, "%s: others may read it; the secret must be its owner's alone (chmod 600)", path);
        return NULL;
    }
    ssize_t len = read(fd, text, sizeof text);
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    if (len < AUTH_SECRET_MIN || len == SECRET_FILE_MAX) {
        snprintf(error, error_size, "%s: a secret has %d to %d bytes", path, AUTH_SECRET_MIN, SECRET_FILE_MAX - 1);
        return NULL;
    }
    struct auth *auth = keep(text, (size_t)len);
    sodium_memzero(text, sizeof text);
    return auth;
}

struct auth *auth_open(const char *secret, const char *folder, const char *name, char *error, size_t error_size)
{
    char path[4096];

    if (sodium_init() < 0)
        abort();
    if (secret && strlen(secret) >= AUTH_SECRET_MIN)
        return keep(secret, strlen(secret));
    if (secret) {
        snprintf(error, error_size, "%s must have at least %d bytes",
                 strcmp(name, AUTH_ADMIN_NAME) == 0 ? "ARENA_ADMIN_TOKEN" : "AUTH_SECRET", AUTH_SECRET_MIN);
        return NULL;
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = make_file(path, folder) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        snprintf(error, error_size, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct auth *auth = read_file(fd, path, error, error_size);
    close(fd);
    return auth;
}

void auth_close(struct auth *auth)
{
    if (!auth)
        return;
    sodium_memzero(auth->secret, auth->len);
    free(auth);
}

/* Of both a hash is compared: so neither the place of a difference nor the length can be told from the time. */
bool auth_is(const struct auth *auth, arena_text text)
{
    uint8_t own[SECRET_BYTES], other[SECRET_BYTES];
    crypto_generichash(own, sizeof own, (const uint8_t *)auth->secret, auth->len, NULL, 0);
    crypto_generichash(other, sizeof other, (const uint8_t *)text.ptr, text.len, NULL, 0);
    return sodium_memcmp(own, other, sizeof own) == 0;
}

/* Session keys. -------------------------------------------------------------------------------------------- */

void auth_session_key(const struct auth *auth, arena_text session, uint32_t seat, char out[AUTH_KEY_BYTES])
{
    static const char prefix[] = "arena:v1:session:";
    crypto_auth_hmacsha256_state state;
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    char number[16];

    int digits = snprintf(number, sizeof number, ":%u", seat);
    crypto_auth_hmacsha256_init(&state, (const uint8_t *)auth->secret, auth->len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)prefix, sizeof prefix - 1);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)session.ptr, session.len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)number, (size_t)digits);
    crypto_auth_hmacsha256_final(&state, mac);
    int len = snprintf(out, AUTH_KEY_BYTES, "s_%s.", number + 1);
    sodium_bin2hex(out + len, (size_t)(AUTH_KEY_BYTES - len), mac, sizeof mac);
    sodium_memzero(&state, sizeof state);
}

/* Only the text that the server itself would have given is a key, so the two are compared whole. */
bool auth_seat(const struct auth *auth, arena_text key, arena_text session, uint32_t *seat)
{
    enum { DIGITS_MAX = 6 };
    char right[AUTH_KEY_BYTES];
    size_t at = 2;
    uint32_t n = 0;

    if (!text_starts(key, ARENA_TEXT("s_")))
        return false;
    for (; at < key.len && at < 2 + DIGITS_MAX && key.ptr[at] >= '0' && key.ptr[at] <= '9'; at++)
        n = n * 10 + (uint32_t)(key.ptr[at] - '0');
    auth_session_key(auth, session, n, right);
    *seat = n;
    bool good = key.len == strlen(right) && sodium_memcmp(key.ptr, right, key.len) == 0;
    sodium_memzero(right, sizeof right);
    return good;
}

/* Signatures. ---------------------------------------------------------------------------------------------- */

static bool read_hex(arena_text hex, uint8_t *out, size_t size)
{
    size_t len;
    return hex.len == 2 * size && sodium_hex2bin(out, size, hex.ptr, hex.len, NULL, &len, NULL) == 0 && len == size;
}

/* SubjectPublicKeyInfo of an Ed25519 key (RFC 8410) is these bytes and the key. */
static const uint8_t spki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

static bool read_public_key(arena_text hex, uint8_t der[sizeof spki + PUBLIC])
{
    if (read_hex(hex, der + sizeof spki, PUBLIC)) {
        memcpy(der, spki, sizeof spki);
        return true;
    }
    return read_hex(hex, der, sizeof spki + PUBLIC) && memcmp(der, spki, sizeof spki) == 0;
}

bool auth_verify(arena_text public_key, arena_text signature, arena_text message, char user[AUTH_USER_BYTES])
{
    uint8_t der[sizeof spki + PUBLIC], signed_with[SIGNATURE], hash[crypto_hash_sha256_BYTES];
    char text[2 * sizeof der + 1];

    if (!read_public_key(public_key, der) || !read_hex(signature, signed_with, sizeof signed_with) ||
        crypto_sign_verify_detached(signed_with, (const uint8_t *)message.ptr, message.len, der + sizeof spki) != 0)
        return false;
    /* over the text, in lower case, not the bytes: the reference's users keep their names */
    sodium_bin2hex(text, sizeof text, der, sizeof der);
    crypto_hash_sha256(hash, (const uint8_t *)text, sizeof text - 1);
    sodium_bin2hex(user, AUTH_USER_BYTES, hash, sizeof hash);
    return true;
}
