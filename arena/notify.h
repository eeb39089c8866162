/*
 * notify.h - tells the program that started this one, if it wants to know (systemd's Type=notify), how it stands.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

/* state: READY=1, STOPPING=1, STATUS=...; lines of them.  Does nothing when nobody asked. */
void notify(const char *state);

#endif
