/* table.h - what a run of the comparer adds up. */
#ifndef ORACLE_TABLE_H
#define ORACLE_TABLE_H

#include <stdbool.h>

/* A step: what took effect in it ("m:tackle a:rockhead"), and whether it was equal. */
void table_count(const char *touched, bool equal);

/* Adds every id of a file of facts, so that what was never seen is listed too. */
void table_pool(const char *folder, const char *name, char kind);

/* Gives each differing step a suspect. */
void table_blame(void);

/* Prints the sums and the worst suspects; the whole table into a file unless path is NULL. */
void table_write(const char *path);

/* A reason for a difference; equal texts are counted together. */
void tally_add(const char *text);
void tally_write(int most);

#endif
