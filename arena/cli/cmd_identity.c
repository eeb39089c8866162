/*
 * cmd_identity.c - the user's Ed25519 key: making one, showing whose it is, signing a join with it.
 *
 * The file is PKCS #8 in PEM (RFC 8410), which other tools read too.  Its key is a fixed prefix and 32 bytes of seed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/cli.h"

#define PEM_BEGIN "-----BEGIN PRIVATE KEY-----\n"
#define PEM_END "\n-----END PRIVATE KEY-----\n"

static const uint8_t pkcs8[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
static const uint8_t spki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

enum {
    SEED = crypto_sign_SEEDBYTES,
    PRIVATE_DER = sizeof pkcs8 + SEED,
    PUBLIC_DER = sizeof spki + crypto_sign_PUBLICKEYBYTES,
    BASE64 = (PRIVATE_DER + 2) / 3 * 4, /* characters */
    FILE_MAX = 1024,
};

struct identity {
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    char public_key[2 * PUBLIC_DER + 1]; /* as the arena wants it: hex of the DER */
    char user[2 * crypto_hash_sha256_BYTES + 1];
};

static void identity_from_seed(struct identity *identity, const uint8_t seed[SEED])
{
    uint8_t der[PUBLIC_DER], hash[crypto_hash_sha256_BYTES];

    memcpy(der, spki, sizeof spki);
    crypto_sign_seed_keypair(der + sizeof spki, identity->secret, seed);
    sodium_bin2hex(identity->public_key, sizeof identity->public_key, der, sizeof der);
    crypto_hash_sha256(hash, (const uint8_t *)identity->public_key, sizeof identity->public_key - 1);
    sodium_bin2hex(identity->user, sizeof identity->user, hash, sizeof hash);
}

/* The seed in the text of a key file. */
static bool seed_of_pem(char *text, uint8_t seed[SEED])
{
    uint8_t der[PRIVATE_DER];
    size_t len;
    char *from = strstr(text, PEM_BEGIN), *end = strstr(text, "\n-----END PRIVATE KEY-----");

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

/* False, with a sentence on standard error, when the file holds no key. */
static bool identity_read(struct identity *identity, const char *path)
{
    char text[FILE_MAX] = "";
    uint8_t seed[SEED];
    FILE *file = fopen(path, "rb");

    if (!file) {
        complain("%s: %s", path, strerror(errno));
        return false;
    }
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    bool good = seed_of_pem(text, seed);
    if (good)
        identity_from_seed(identity, seed);
    else
        complain("%s holds no Ed25519 key; make one with `arena identity new FILE`.", path);
    sodium_memzero(text, sizeof text);
    sodium_memzero(seed, sizeof seed);
    return good;
}

static bool write_file(const char *path, const uint8_t seed[SEED])
{
    uint8_t der[PRIVATE_DER];
    char base64[BASE64 + 1], text[FILE_MAX];

    memcpy(der, pkcs8, sizeof pkcs8);
    memcpy(der + sizeof pkcs8, seed, SEED);
    sodium_bin2base64(base64, sizeof base64, der, sizeof der, sodium_base64_VARIANT_ORIGINAL);
    int len = snprintf(text, sizeof text, PEM_BEGIN "%s" PEM_END, base64);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); /* a key is never overwritten */
    bool good = fd >= 0 && write(fd, text, (size_t)len) == len && fsync(fd) == 0;
    if (!good)
        complain("%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !good)
        unlink(path);
    sodium_memzero(der, sizeof der);
    sodium_memzero(base64, sizeof base64);
    sodium_memzero(text, sizeof text);
    return good;
}

static int show(const struct cli *cli, const struct identity *identity)
{
    if (cli->json) {
        json_t *answer = json_pack("{s:s, s:s}", "publicKey", identity->public_key, "userId", identity->user);
        print_json(answer);
        json_decref(answer);
    } else {
        printf("key   %s\nuser  %s\n", identity->public_key, identity->user);
    }
    return CLI_OK;
}

int run_identity(struct cli *cli, const struct args *args)
{
    struct identity identity;
    uint8_t seed[SEED];

    if (sodium_init() < 0)
        return CLI_REFUSED;
    if (strcmp(args->words[0], "show") == 0)
        return identity_read(&identity, args->words[1]) ? show(cli, &identity) : CLI_REFUSED;
    if (strcmp(args->words[0], "new") != 0) {
        complain("what about the identity?  `arena identity new FILE` or `arena identity show FILE`.");
        return CLI_USAGE;
    }
    randombytes_buf(seed, sizeof seed);
    bool written = write_file(args->words[1], seed);
    identity_from_seed(&identity, seed);
    sodium_memzero(seed, sizeof seed);
    int code = written ? show(cli, &identity) : CLI_REFUSED;
    sodium_memzero(&identity, sizeof identity);
    return code;
}

bool identity_sign(const char *path, const char *invite, json_t *body)
{
    struct identity identity;
    struct text message = {0};
    struct timespec now;
    uint8_t signature[crypto_sign_BYTES];
    char hex[2 * sizeof signature + 1];

    if (sodium_init() < 0 || !identity_read(&identity, path))
        return false;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t timestamp = now.tv_sec * 1000 + now.tv_nsec / 1000000;
    text_printf(&message, "arena:v1:join:%s:%" PRId64, invite, timestamp);
    crypto_sign_detached(signature, NULL, (const uint8_t *)message.ptr, message.len, identity.secret);
    sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    json_object_set_new(body, "publicKey", json_string(identity.public_key));
    json_object_set_new(body, "signature", json_string(hex));
    json_object_set_new(body, "timestamp", json_integer(timestamp));
    text_free(&message);
    sodium_memzero(&identity, sizeof identity);
    return true;
}
