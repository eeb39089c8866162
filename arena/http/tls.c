/* tls.c - certificates, start and end. */
#include "http/tls_internal.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/must.h"

/* Certificates. -------------------------------------------------------------------------------------------- */

/* True when the file can be read; the sentence in error else. */
static bool is_readable(const char *path, bool secret, char *error, size_t error_size)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    bool good = file && fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);

    if (!file)
        snprintf(error, error_size, "%s: %s", path, strerror(errno));
    else if (!good)
        snprintf(error, error_size, "%s: this is no file", path);
    else if (secret && status.st_mode & S_IROTH)
        snprintf(error, error_size, "%s: everybody may read this key; take that right away (chmod o= )", path);
    good = good && !(secret && status.st_mode & S_IROTH);
    if (file)
        fclose(file);
    return good;
}

/* What is wrong with the pair; NULL: nothing.  GnuTLS would find out as well, and lose some memory each time. */
static const char *pair_problem(const gnutls_datum_t *certificate, const gnutls_datum_t *key)
{
    enum { ID_BYTES = 64 };
    unsigned char ids[2][ID_BYTES];
    size_t sizes[2] = {ID_BYTES, ID_BYTES};
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t private;
    int result = 0;

    if (gnutls_x509_crt_init(&crt) < 0 || gnutls_x509_privkey_init(&private) < 0)
        abort();
    if ((result = gnutls_x509_crt_import(crt, certificate, GNUTLS_X509_FMT_PEM)) >= 0 &&
        (result = gnutls_x509_privkey_import2(private, key, GNUTLS_X509_FMT_PEM, NULL, 0)) >= 0 &&
        (result = gnutls_x509_crt_get_key_id(crt, 0, ids[0], &sizes[0])) >= 0)
        result = gnutls_x509_privkey_get_key_id(private, 0, ids[1], &sizes[1]);
    gnutls_x509_crt_deinit(crt);
    gnutls_x509_privkey_deinit(private);
    if (result < 0)
        return gnutls_strerror(result);
    bool same = sizes[0] == sizes[1] && memcmp(ids[0], ids[1], sizes[0]) == 0;
    return same ? NULL : "the key is another certificate's";
}

/* The same for files. */
static const char *files_problem(const char *certificate, const char *key)
{
    gnutls_datum_t pem[2] = {0};
    int result = gnutls_load_file(certificate, &pem[0]);

    if (result >= 0)
        result = gnutls_load_file(key, &pem[1]);
    const char *problem = result < 0 ? gnutls_strerror(result) : pair_problem(&pem[0], &pem[1]);
    if (pem[1].data)
        gnutls_memset(pem[1].data, 0, pem[1].size);
    gnutls_free(pem[0].data);
    gnutls_free(pem[1].data);
    return problem;
}

static struct tls_credentials *load(const char *certificate, const char *key, char *error, size_t error_size)
{
    if (!is_readable(certificate, false, error, error_size) || !is_readable(key, true, error, error_size))
        return NULL;
    const char *problem = files_problem(certificate, key);
    if (problem) {
        snprintf(error, error_size, "%s with %s cannot be used as certificate and key: %s", certificate, key, problem);
        return NULL;
    }
    struct tls_credentials *credentials = must(calloc(1, sizeof *credentials));
    if (gnutls_certificate_allocate_credentials(&credentials->x509) < 0)
        abort();
    atomic_init(&credentials->refs, 1);
    int result = gnutls_certificate_set_x509_key_file(credentials->x509, certificate, key, GNUTLS_X509_FMT_PEM);
    if (result >= 0)
        return credentials;
    snprintf(error, error_size, "%s with %s cannot be used as certificate and key: %s", certificate, key,
             gnutls_strerror(result));
    tls_credentials_put(credentials);
    return NULL;
}

struct tls_credentials *tls_credentials_take(struct tls *tls)
{
    pthread_mutex_lock(&tls->lock);
    struct tls_credentials *credentials = tls->credentials;
    atomic_fetch_add(&credentials->refs, 1);
    pthread_mutex_unlock(&tls->lock);
    return credentials;
}

void tls_credentials_put(struct tls_credentials *credentials)
{
    if (!credentials || atomic_fetch_sub(&credentials->refs, 1) != 1)
        return;
    gnutls_certificate_free_credentials(credentials->x509);
    free(credentials);
}

bool tls_reload(struct tls *tls, char *error, size_t error_size)
{
    struct tls_credentials *fresh = load(tls->certificate, tls->key, error, error_size);

    if (!fresh)
        return false;
    pthread_mutex_lock(&tls->lock);
    struct tls_credentials *old = tls->credentials;
    tls->credentials = fresh;
    pthread_mutex_unlock(&tls->lock);
    tls_credentials_put(old);
    return true;
}

/* Start and end. ------------------------------------------------------------------------------------------- */

struct tls *tls_open(const char *certificate, const char *key, char *error, size_t error_size)
{
    struct tls_credentials *credentials = load(certificate, key, error, error_size);

    if (!credentials)
        return NULL;
    struct tls *tls = must(calloc(1, sizeof *tls));
    tls->certificate = must(strdup(certificate));
    tls->key = must(strdup(key));
    tls->credentials = credentials;
    pthread_mutex_init(&tls->lock, NULL);
    tls->tally = tally_open();
    if (gnutls_session_ticket_key_generate(&tls->ticket_key) < 0 ||
        gnutls_priority_init(&tls->priorities, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE", NULL) <
            0)
        abort();
    return tls;
}

static bool start_thread(struct tls *tls, struct tls_thread *thread)
{
    struct epoll_event event = {.events = EPOLLIN};

    thread->tls = tls;
    thread->epoll = epoll_create1(EPOLL_CLOEXEC);
    thread->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (thread->epoll >= 0 && thread->wake >= 0 && epoll_ctl(thread->epoll, EPOLL_CTL_ADD, thread->wake, &event) == 0 &&
        pthread_create(&thread->thread, NULL, tls_run, thread) == 0)
        return true;
    close(thread->epoll);
    close(thread->wake);
    return false;
}

bool tls_serve(struct tls *tls, const struct tls_serving *serving)
{
    tls->serving = *serving;
    tls->threads = must(calloc(serving->threads, sizeof *tls->threads));
    while (tls->thread_count < serving->threads && start_thread(tls, &tls->threads[tls->thread_count]))
        tls->thread_count++;
    return tls->thread_count == serving->threads;
}

static void wake_all(struct tls *tls)
{
    for (uint32_t i = 0; i < tls->thread_count; i++)
        eventfd_write(tls->threads[i].wake, 1);
}

void tls_quiesce(struct tls *tls)
{
    atomic_store(&tls->quiesced, true);
    if (tls->thread_count)
        shutdown(tls->serving.listener, SHUT_RDWR); /* who comes now is refused; closed when nobody uses it any more */
    wake_all(tls);
}

struct tls_stats tls_stats(const struct tls *tls)
{
    return (struct tls_stats){atomic_load(&tls->open), atomic_load(&tls->accepted), atomic_load(&tls->failed),
                              atomic_load(&tls->refused)};
}

void tls_close(struct tls *tls)
{
    if (!tls)
        return;
    atomic_store(&tls->quiesced, true);
    atomic_store(&tls->stopping, true);
    wake_all(tls);
    for (uint32_t i = 0; i < tls->thread_count; i++) {
        pthread_join(tls->threads[i].thread, NULL);
        close(tls->threads[i].epoll);
        close(tls->threads[i].wake);
    }
    if (tls->threads)
        close(tls->serving.listener);
    tls_credentials_put(tls->credentials);
    gnutls_priority_deinit(tls->priorities);
    gnutls_free(tls->ticket_key.data);
    tally_close(tls->tally);
    pthread_mutex_destroy(&tls->lock);
    free(tls->threads);
    free(tls->certificate);
    free(tls->key);
    free(tls);
}
