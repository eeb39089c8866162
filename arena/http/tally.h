/*
 * tally.h - how many of something each client address has.  As large as what is counted: an address without any takes
 * no room.
 */
#ifndef HTTP_TALLY_H
#define HTTP_TALLY_H

#include "http/address.h"

struct tally;

struct tally *tally_open(void);
void tally_close(struct tally *tally);

/* One more for this address (address_client makes it one).  False: it has `most` already. */
bool tally_take(struct tally *tally, const uint8_t client[ADDRESS_BYTES], uint32_t most);
void tally_give(struct tally *tally, const uint8_t client[ADDRESS_BYTES]);

#endif
