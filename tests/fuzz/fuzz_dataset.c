/* fuzz_dataset.c - any bytes as the files of a data version: a 0xff byte ends one file and begins the next. */
#include <stdint.h>
#include <string.h>

#include "dataset.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct dataset set = {0};
    struct findings found = {0};
    for (int f = 0; f < DATASET_FILES; f++) {
        const uint8_t *end = size ? memchr(bytes, 0xff, size) : NULL;
        size_t len = end ? (size_t)(end - bytes) : size;
        dataset_put(&set, (enum dataset_file)f, json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, NULL),
                    &found);
        bytes += len + (end != NULL);
        size -= len + (end != NULL);
    }
    dataset_check(&set, &found);
    dataset_free(&set);
    findings_free(&found);
    return 0;
}
