/*
 * address.h - addresses of clients, in one form: 16 bytes, IPv4 mapped into IPv6.
 */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "arena/operator.h"

enum { ADDRESS_BYTES = 16 };

/* All addresses whose first `bits` are those of base. */
struct address_range {
    uint8_t base[ADDRESS_BYTES];
    uint8_t bits;
};

/* Zeros for a family that is not IP's. */
void address_of(const struct sockaddr *socket_address, uint8_t out[ADDRESS_BYTES]);

/* 192.0.2.1, 2001:db8::1, and both with a port, as proxies write them: 192.0.2.1:80, [2001:db8::1]:80.  False for
 * anything else. */
bool address_parse(arena_text text, uint8_t out[ADDRESS_BYTES]);

/* What counts as one client: an IPv4 address, or the /64 that an IPv6 address is in, which is what one customer has. */
void address_client(const uint8_t address[ADDRESS_BYTES], uint8_t out[ADDRESS_BYTES]);

bool address_is_loopback(const uint8_t address[ADDRESS_BYTES]);

/* An address, or one with a slash and a number of bits.  False for anything else. */
bool address_range_parse(arena_text text, struct address_range *out);
bool address_in(const struct address_range *ranges, size_t count, const uint8_t address[ADDRESS_BYTES]);

#endif
