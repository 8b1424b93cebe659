/* fts make SOURCE DATABASE: makes an FTS5 table of the names in a plain source, in one
 * transaction. Prints the microseconds. fts ask DATABASE WORD SECONDS: repeatedly selects the
 * first 21 names with that word. Prints the queries a second. */
#include "../bench.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static sqlite3 *open_database(const char *path) {
    sqlite3 *database;
    if (sqlite3_open(path, &database) != SQLITE_OK)
        fail(path);
    return database;
}

static void run(sqlite3 *database, const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(database));
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(database));
    return statement;
}

static void insert_all(FILE *source, sqlite3_stmt *insert) {
    char line[4096];
    while (fgets(line, sizeof(line), source) != NULL) {
        char *office = strstr(line, " = ");
        if (office == NULL)
            fail("a line without an office");
        sqlite3_bind_text(insert, 1, line, (int)(office - line), SQLITE_STATIC);
        sqlite3_bind_text(insert, 2, office + 3, (int)strcspn(office + 3, "\n"), SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            fail("insert");
        sqlite3_reset(insert);
    }
}

static void make(const char *path, const char *to) {
    FILE *source = fopen(path, "r");
    if (source == NULL || (unlink(to) < 0 && access(to, F_OK) == 0))
        fail(path);
    double began = now();
    sqlite3 *database = open_database(to);
    run(database, "CREATE VIRTUAL TABLE people USING fts5(name, office UNINDEXED, "
                  "tokenize='unicode61 remove_diacritics 2')");
    run(database, "BEGIN");
    sqlite3_stmt *insert = prepare(database, "INSERT INTO people VALUES (?, ?)");
    insert_all(source, insert);
    sqlite3_finalize(insert);
    run(database, "COMMIT");
    sqlite3_close(database);
    printf("%.0f\n", (now() - began) * 1e6);
    fclose(source);
}

static void ask(const char *path, const char *word, double seconds) {
    sqlite3 *database = open_database(path);
    sqlite3_stmt *select =
        prepare(database, "SELECT name, office FROM people WHERE people MATCH ? LIMIT 21");
    long count = 0;
    size_t bytes = 0;
    double began = now();
    sqlite3_bind_text(select, 1, word, -1, SQLITE_STATIC);
    for (; now() < began + seconds; count++) {
        while (sqlite3_step(select) == SQLITE_ROW)
            bytes +=
                (size_t)sqlite3_column_bytes(select, 0) + (size_t)sqlite3_column_bytes(select, 1);
        sqlite3_reset(select);
    }
    if (bytes == 0)
        fail("nobody has that word");
    printf("%.0f\n", (double)count / (now() - began));
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        make(argv[2], argv[3]);
    else if (argc == 5 && strcmp(argv[1], "ask") == 0)
        ask(argv[2], argv[3], atof(argv[4]));
    else
        return 64;
    return 0;
}
