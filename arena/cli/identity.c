/* identity.c - see identity.h. */
#include "cli/identity.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/private.h"

#define PEM_BEGIN "-----BEGIN PRIVATE KEY-----\n"
#define PEM_END "\n-----END PRIVATE KEY-----\n"

/* A key is a fixed prefix and 32 bytes. */
static const uint8_t pkcs8[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
static const uint8_t spki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

enum {
    SEED = crypto_sign_SEEDBYTES,
    PRIVATE_DER = sizeof pkcs8 + SEED,
    BASE64 = (PRIVATE_DER + 2) / 3 * 4, /* characters */
    FILE_MAX = 1024,
    NAMES_MAX = 1000,
};

_Static_assert(IDENTITY_DER == sizeof spki + crypto_sign_PUBLICKEYBYTES, "the key's length in identity.h");

/* ---------------------------------------------------------------------------------------------------- keys --- */

static void identity_from_seed(struct identity *identity, const uint8_t seed[SEED])
{
    uint8_t der[IDENTITY_DER], hash[crypto_hash_sha256_BYTES];

    memcpy(der, spki, sizeof spki);
    crypto_sign_seed_keypair(der + sizeof spki, identity->secret, seed);
    sodium_bin2hex(identity->public_key, sizeof identity->public_key, der, sizeof der);
    crypto_hash_sha256(hash, (const uint8_t *)identity->public_key, sizeof identity->public_key - 1);
    sodium_bin2hex(identity->user, sizeof identity->user, hash, sizeof hash);
}

bool identity_make(struct identity *identity)
{
    uint8_t seed[SEED];

    if (sodium_init() < 0)
        return complain("the cryptography of this machine does not work."), false;
    randombytes_buf(seed, sizeof seed);
    identity_from_seed(identity, seed);
    sodium_memzero(seed, sizeof seed);
    return true;
}

void identity_finish(struct identity *identity)
{
    sodium_memzero(identity, sizeof *identity);
}

/* The seed in the text of a key file. */
static bool seed_of_pem(const char *text, uint8_t seed[SEED])
{
    uint8_t der[PRIVATE_DER];
    size_t len;
    const char *from = strstr(text, PEM_BEGIN), *end = strstr(text, "\n-----END PRIVATE KEY-----");

    if (!from || !end || end < from + sizeof PEM_BEGIN - 1)
        return false;
    from += sizeof PEM_BEGIN - 1;
    bool good = sodium_base642bin(der, sizeof der, from, (size_t)(end - from), "\r\n", &len, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) == 0 &&
                len == sizeof der && memcmp(der, pkcs8, sizeof pkcs8) == 0;
    memcpy(seed, der + sizeof pkcs8, good ? SEED : 0);
    sodium_memzero(der, sizeof der);
    return good;
}

static bool write_key(const char *path, const struct identity *identity)
{
    uint8_t der[PRIVATE_DER];
    char base64[BASE64 + 1], text[FILE_MAX];

    memcpy(der, pkcs8, sizeof pkcs8);
    crypto_sign_ed25519_sk_to_seed(der + sizeof pkcs8, identity->secret);
    sodium_bin2base64(base64, sizeof base64, der, sizeof der, sodium_base64_VARIANT_ORIGINAL);
    int len = snprintf(text, sizeof text, PEM_BEGIN "%s" PEM_END, base64);
    bool good = private_write(path, text, (size_t)len, false); /* a key is never overwritten */
    sodium_memzero(der, sizeof der);
    sodium_memzero(base64, sizeof base64);
    sodium_memzero(text, sizeof text);
    return good;
}

/* ------------------------------------------------------------------------------------------------ files, names --- */

static bool is_path(const char *word)
{
    return strpbrk(word, "/.") != NULL;
}

static bool is_name(const char *word)
{
    size_t len = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
    return len > 0 && len <= IDENTITY_NAME_MAX && !word[len];
}

bool identity_file(const char *word, struct text *path)
{
    char name[sizeof "identities/" + IDENTITY_NAME_MAX + sizeof ".pem"];

    text_clear(path);
    if (is_path(word)) {
        text_puts(path, word);
        return true;
    }
    if (!is_name(word)) {
        complain("an identity's name has letters, digits, - and _, at most %d; \"%s\" is none.", IDENTITY_NAME_MAX,
                 word);
        return false;
    }
    snprintf(name, sizeof name, "identities/%s.pem", word);
    if (private_path(PRIVATE_CONFIG, name, path))
        return true;
    complain("there is no folder for keys: set HOME or XDG_CONFIG_HOME, or give a file's path.");
    return false;
}

bool identity_default(char name[IDENTITY_NAME_MAX + 1])
{
    struct text path = {0}, text = {0};

    bool good = private_path(PRIVATE_CONFIG, "default-identity", &path) && access(text_cstr(&path), F_OK) == 0 &&
                private_read(text_cstr(&path), FILE_MAX, &text);
    if (good) {
        snprintf(name, IDENTITY_NAME_MAX + 1, "%.*s", (int)strcspn(text_cstr(&text), "\n"), text_cstr(&text));
        good = is_name(name);
    }
    text_free(&path);
    text_free(&text);
    return good;
}

bool identity_use(const char *name)
{
    struct text path = {0};

    bool good = is_name(name) && private_path(PRIVATE_CONFIG, "default-identity", &path) &&
                private_folders(text_cstr(&path)) && private_write(text_cstr(&path), name, strlen(name), true);
    text_free(&path);
    return good;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void identity_names(void (*each)(void *ctx, const char *name), void *ctx)
{
    struct text path = {0};
    char *names[NAMES_MAX];
    size_t count = 0;

    DIR *dir = private_path(PRIVATE_CONFIG, "identities", &path) ? opendir(text_cstr(&path)) : NULL;
    for (const struct dirent *entry; dir && (entry = readdir(dir)) && count < NAMES_MAX;) {
        size_t len = strlen(entry->d_name);
        char name[IDENTITY_NAME_MAX + 1];
        if (len <= 4 || len - 4 > IDENTITY_NAME_MAX || strcmp(entry->d_name + len - 4, ".pem") != 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(len - 4), entry->d_name);
        if (is_name(name) && (names[count] = strdup(name)))
            count++;
    }
    if (dir)
        closedir(dir);
    if (count > 1)
        qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++) {
        each(ctx, names[i]);
        free(names[i]);
    }
    text_free(&path);
}

bool identity_new(const char *word, struct identity *identity)
{
    struct text path = {0};
    char chosen[IDENTITY_NAME_MAX + 1];

    bool good = identity_file(word, &path) && (is_path(word) || private_folders(text_cstr(&path))) &&
                identity_make(identity) && write_key(text_cstr(&path), identity);
    if (good && !is_path(word) && !identity_default(chosen))
        good = identity_use(word);
    text_free(&path);
    return good;
}

bool identity_read(const char *word, struct identity *identity)
{
    struct text path = {0}, text = {0};
    uint8_t seed[SEED];

    bool good = identity_file(word, &path);
    if (good && !is_path(word) && access(text_cstr(&path), F_OK) != 0 && errno == ENOENT) {
        complain("there is no identity \"%s\"; `arena identity list` shows them, `arena identity new %s` makes it.",
                 word, word);
        good = false;
    }
    good = good && sodium_init() >= 0 && private_read(text_cstr(&path), FILE_MAX, &text);
    if (good) {
        good = seed_of_pem(text_cstr(&text), seed);
        if (good)
            identity_from_seed(identity, seed);
        else
            complain("%s holds no Ed25519 key; make one with `arena identity new`.", text_cstr(&path));
    }
    if (text.ptr)
        sodium_memzero(text.ptr, text.cap);
    sodium_memzero(seed, sizeof seed);
    text_free(&text);
    text_free(&path);
    return good;
}

bool identity_pick(const char *word, struct identity *identity, bool *found)
{
    char name[IDENTITY_NAME_MAX + 1];
    const char *said = getenv("ARENA_IDENTITY");

    if (!word && said && said[0])
        word = said;
    if (!word && identity_default(name))
        word = name;
    *found = word != NULL;
    return !word || identity_read(word, identity);
}

/* -------------------------------------------------------------------------------------------------- signing --- */

void identity_sign(const struct identity *identity, const char *purpose, json_t *body)
{
    struct text message = {0};
    struct timespec now;
    uint8_t signature[crypto_sign_BYTES];
    char hex[2 * sizeof signature + 1];

    clock_gettime(CLOCK_REALTIME, &now);
    int64_t timestamp = now.tv_sec * 1000 + now.tv_nsec / 1000000;
    text_printf(&message, "arena:v1:%s:%" PRId64, purpose, timestamp);
    crypto_sign_detached(signature, NULL, (const uint8_t *)message.ptr, message.len, identity->secret);
    sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    json_object_set_new(body, "publicKey", json_string(identity->public_key));
    json_object_set_new(body, "signature", json_string(hex));
    json_object_set_new(body, "timestamp", json_integer(timestamp));
    text_free(&message);
}
