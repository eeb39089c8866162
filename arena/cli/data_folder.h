/* data_folder.h - a folder of battle data, checked; shared by `data` and `admin data stage`. */
#ifndef CLI_DATA_FOLDER_H
#define CLI_DATA_FOLDER_H

#include "cli/cli.h"
#include "data/dataset_folder.h"

/* Says what was found; CLI_OK when that is nothing, else CLI_REFUSED. */
int tell_findings(const struct cli *cli, const struct findings *found);

/* Checks a folder by every rule there is, the engine's compiler among them.  The same codes. */
int check_data_folder(const struct cli *cli, const char *folder);

#endif
