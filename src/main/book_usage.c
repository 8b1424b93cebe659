#include "main/book_usage.h"

#include "main/cli.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *command;
    const char *synopsis;
    const char *text;
} commands[] = {
    {"compile", "[OPTION ...] SOURCE ... BOOK",
     "compile  makes BOOK of all SOURCEs (\"-\": standard input)\n"
     "  --format plain|csv|ldif|vcard   their format, if their names do not say it\n"
     "  --charset NAME                  their charset, if not UTF-8\n"
     "  --name-column, --office-column COLUMN   of CSV, by its header or its number\n"
     "  --no-header                     CSV has no header\n"
     "  --office-attribute NAME         of LDIF\n"
     "  --strict      one name with two offices is an error\n"
     "  --force       an empty SOURCE may replace a book that is not\n"
     "  --keep-going  lists every error before it fails\n"
     "  --skip-bad    skips each entry that has an error\n"
     "  --exact-only  makes no word index\n"
     "  --verbose     also counts the lines without meaning\n"},
    {"list", "[--format plain|csv|json] BOOK",
     "list     prints the entries, in the order of their sources\n"
     "  --format plain|csv   as compile reads them\n"
     "  --format json        a JSON object a line\n"},
    {"check", "BOOK", "check    verifies every record of a book\n"},
    {"query", "[--json] BOOK NAME",
     "query    prints what lookup-handler would answer; exits 1 if the name is unknown\n"
     "  --json   as JSON, in the form of lookup --json\n"},
    {"help", "[COMMAND]", "help     prints this, or only the part for COMMAND\n"},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

_Noreturn void book_usage(const char *command) {
    char text[4096] = "";
    size_t len = 0;
    bool all = *command == '\0';
    for (size_t i = 0; i < COMMANDS; i++)
        if (all || strcmp(command, commands[i].command) == 0)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s lookup-book %s %s\n",
                                    len == 0 ? "Usage:" : "      ", commands[i].command,
                                    commands[i].synopsis);
    if (len == 0)
        die(STATUS_USAGE, "no such command: %s; see --help", command);
    len += (size_t)snprintf(text + len, sizeof(text) - len, "\n");
    for (size_t i = 0; i < COMMANDS; i++)
        if (all || strcmp(command, commands[i].command) == 0)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", commands[i].text);
    cli_print_and_exit("%s%s", text, all ? "--help, --version\n" : "");
}
