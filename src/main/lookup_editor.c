#include "main/lookup_editor.h"

#include <dlfcn.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { HISTORY_MAX = 1000 };

/* Global, because libedit passes no context to its callbacks; there is one terminal. */
static struct {
    __typeof__(el_init) *init;
    __typeof__(el_end) *end;
    __typeof__(el_set) *set;
    __typeof__(el_gets) *gets;
    __typeof__(history_init) *history_init;
    __typeof__(history_end) *history_end;
    __typeof__(history) *history;
    EditLine *line;
    History *past;
    const char *prompt;
    FILE *to;
    bool cancelled;
} editor;

static bool editor_load(void) {
    const struct {
        const char *name;
        void **at; /* POSIX: dlsym returns function addresses as void * */
    } symbols[] = {
        {"el_init", (void **)&editor.init},
        {"el_end", (void **)&editor.end},
        {"el_set", (void **)&editor.set},
        {"el_gets", (void **)&editor.gets},
        {"history_init", (void **)&editor.history_init},
        {"history_end", (void **)&editor.history_end},
        {"history", (void **)&editor.history},
    };
    void *library = dlopen("libedit.so.2", RTLD_NOW); /* the name in Debian */
    if (library == NULL)
        library = dlopen("libedit.so.0", RTLD_NOW);
    if (library == NULL)
        return false;
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        *symbols[i].at = dlsym(library, symbols[i].name);
        if (*symbols[i].at == NULL)
            return false;
    }
    return true;
}

static char *editor_prompt(EditLine *line) {
    (void)line;
    return (char *)editor.prompt;
}

/* Ctrl-C: libedit takes this as the end of a line, but returns none, because the line
 * has no line end. */
static unsigned char editor_cancel(EditLine *line, int key) {
    (void)line;
    (void)key;
    fputs("^C\n", editor.to);
    editor.cancelled = true;
    return CC_NEWLINE;
}

/* Ctrl-Z and Ctrl-\: libedit's handlers restore the terminal first. */
static unsigned char editor_raise(EditLine *line, int key) {
    (void)line;
    raise(key == ('Z' & 0x1F) ? SIGTSTP : SIGQUIT);
    return CC_REFRESH;
}

/* Names are UTF-8 in any locale. */
static void editor_use_utf8(void) {
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

static void editor_set_up(void) {
    HistEvent event;
    editor.set(editor.line, EL_PROMPT, editor_prompt);
    editor.set(editor.line, EL_EDITOR, "emacs");
    editor.set(editor.line, EL_SIGNAL, 1);
    editor.history(editor.past, &event, H_SETSIZE, HISTORY_MAX);
    editor.history(editor.past, &event, H_SETUNIQUE, 1);
    editor.set(editor.line, EL_HIST, editor.history, editor.past);
    /* While a line is edited, these are keys; otherwise they raise signals. */
    editor.set(editor.line, EL_SETTY, "-d", "-isig", NULL);
    editor.set(editor.line, EL_ADDFN, "cancel", "Cancel the line", editor_cancel);
    editor.set(editor.line, EL_ADDFN, "raise", "Suspend or quit", editor_raise);
    editor.set(editor.line, EL_BIND, "^C", "cancel", NULL);
    editor.set(editor.line, EL_BIND, "^Z", "raise", NULL);
    editor.set(editor.line, EL_BIND, "\\034", "raise", NULL);
}

bool editor_moves_cursor(void) {
    const char *terminal = getenv("TERM");
    return terminal != NULL && *terminal != '\0' && strcmp(terminal, "dumb") != 0;
}

bool editor_open(const char *prompt, FILE *to) {
    if (!editor_moves_cursor() || !editor_load())
        return false;
    editor.prompt = prompt;
    editor.to = to;
    editor_use_utf8();
    editor.past = editor.history_init();
    if (editor.past != NULL)
        editor.line = editor.init("lookup", stdin, to, stderr);
    if (editor.line == NULL)
        return false;
    editor_set_up();
    return true;
}

enum editor_result editor_read(char **line) {
    int len = 0;
    editor.cancelled = false;
    editor.set(editor.line, EL_PREP_TERM, 1); /* before the prompt appears */
    const char *text = editor.gets(editor.line, &len);
    if (editor.cancelled)
        return EDITOR_CANCELLED;
    *line = text == NULL || len <= 0 ? NULL : strndup(text, (size_t)len);
    return *line == NULL ? EDITOR_END : EDITOR_LINE;
}

void editor_remember(const char *line) {
    HistEvent event;
    editor.history(editor.past, &event, H_ENTER, line);
}

void editor_close(void) {
    editor.end(editor.line);
    editor.history_end(editor.past);
}
