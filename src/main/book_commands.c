#include "main/book_commands.h"

#include "data/bytes.h"
#include "formats/formats.h"
#include "formats/output.h"
#include "main/cli.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* A %s in synopsis or text stands for the names of formats. */
static const struct command {
    const char *name;
    enum command_bit bit;
    int least, most; /* operands */
    const char *(*formats)(const char *between, const char *last, char list[NAMES_MAX]);
    const char *synopsis;
    const char *text;
} commands[] = {
    {"compile", COMPILE, 2, INT_MAX, format_names, "[OPTION ...] SOURCE ... BOOK",
     "compile  makes BOOK of all SOURCEs (\"-\": standard input)\n"
     "  --format %s   their format, if their names do not say it\n"
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
    {"list", LIST, 1, 1, output_names, "[--format %s] BOOK",
     "list     prints the entries, in the order of their sources\n"
     "  --format %s   as compile reads them; json: an object a line\n"},
    {"check", CHECK, 1, 1, NULL, "BOOK", "check    verifies every record of a book\n"},
    {"query", QUERY, 2, 2, NULL, "[--json] BOOK NAME",
     "query    prints what lookup-handler would answer; exits 1 if the name is unknown\n"
     "  --json   as JSON, in the form of lookup --json\n"},
    {"help", HELP, 0, 1, NULL, "[COMMAND]", "help     prints this, or only the part for COMMAND\n"},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]), HELP_MAX = 4096 };

static const char *command_name_at(size_t number) {
    return number < COMMANDS ? commands[number].name : NULL;
}

static const struct command *command_named(const char *name) {
    char names[NAMES_MAX];
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    if (*name == '\0')
        die(STATUS_USAGE, "no command is given: name %s; see --help",
            names_list(command_name_at, ", ", " or ", names));
    die(STATUS_USAGE, "no such command: %s; see --help", name);
}

static void command_put(const struct command *command, const char *what, struct text *out) {
    char formats[NAMES_MAX] = "";
    char bytes[HELP_MAX];
    if (command->formats != NULL)
        command->formats("|", "|", formats);
    snprintf(bytes, sizeof(bytes), what, formats);
    text_put(out, span_of(bytes));
}

static void command_put_synopsis(const struct command *command, struct text *out) {
    text_put(out, span_of(command->name));
    text_put(out, SPAN(" "));
    command_put(command, command->synopsis, out);
}

enum command_bit command_or_die(const char *name, int operands) {
    const struct command *command = command_named(name);
    char bytes[HELP_MAX];
    struct text synopsis = {.at = bytes, .cap = sizeof(bytes)};
    if (operands >= command->least && operands <= command->most)
        return command->bit;
    command_put_synopsis(command, &synopsis);
    die(STATUS_USAGE, "not the arguments of %.*s; see --help", (int)synopsis.len, bytes);
}

const char *command_names(unsigned bits, char list[NAMES_MAX]) {
    struct text out = {.at = list, .cap = NAMES_MAX - 1};
    for (size_t i = 0; i < COMMANDS; i++) {
        if ((commands[i].bit & bits) == 0)
            continue;
        text_put(&out, out.len == 0 ? SPAN("") : SPAN(" and "));
        text_put(&out, span_of(commands[i].name));
    }
    list[out.len] = '\0';
    return list;
}

void command_help(const char *name) {
    char bytes[HELP_MAX];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    const struct command *first = *name == '\0' ? commands : command_named(name);
    const struct command *end = *name == '\0' ? commands + COMMANDS : first + 1;
    for (const struct command *command = first; command < end; command++) {
        text_put(&out,
                 command == first ? SPAN("Usage: lookup-book ") : SPAN("       lookup-book "));
        command_put_synopsis(command, &out);
        text_put(&out, SPAN("\n"));
    }
    text_put(&out, SPAN("\n"));
    for (const struct command *command = first; command < end; command++)
        command_put(command, command->text, &out);
    text_put(&out, *name == '\0' ? SPAN("--help, --version\n") : SPAN(""));
    cli_print_and_exit("%.*s", (int)out.len, bytes);
}
