#include "formats/csv_header.h"

#include "data/fold.h"

#include <stdlib.h>

enum {
    WORD_MAX = 1024,   /* longest column name, in bytes */
    WORDS_MAX = 256,   /* number of known words, at most */
    WORDS_ROOM = 8192, /* bytes of all of them, as they are compared */
};

/* Case, blanks, "_", "-", "." and ":" are ignored in comparisons. The earliest
 * word of a list wins if several are present. Languages: en, de, fr, es, it,
 * pt, nl, pl, sv, da, cs; words that people type without their accents are also
 * listed without them. */
static const char *const name_words[] = {"Name", "Nom",   "Nombre", "Nome",  "Naam", "Namn",
                                         "Navn", "Jméno", "Jmeno",  "Nazwa", NULL};
static const char *const full_name_words[] = {"Full Name",
                                              "Display Name",
                                              "Name and Surname",
                                              "CN",
                                              "Vollständiger Name",
                                              "Voller Name",
                                              "Anzeigename",
                                              "Vor- und Nachname",
                                              "Nachname Vorname",
                                              "Nom complet",
                                              "Nom d'affichage",
                                              "Nom affiché",
                                              "Nom à afficher",
                                              "Nom et prénom",
                                              "Nom et prénoms",
                                              "Nom Prénom",
                                              "Prénom et nom",
                                              "Prénom Nom",
                                              "Nombre completo",
                                              "Nombre para mostrar",
                                              "Nombre y apellido",
                                              "Nombre y apellidos",
                                              "Apellidos y nombre",
                                              "Nome completo",
                                              "Nome visualizzato",
                                              "Nome e cognome",
                                              "Cognome e nome",
                                              "Nominativo",
                                              "Nome para exibição",
                                              "Nome de exibição",
                                              "Nome a apresentar",
                                              "Nome a exibir",
                                              "Nome e apelido",
                                              "Nome e sobrenome",
                                              "Volledige naam",
                                              "Weergavenaam",
                                              "Voor- en achternaam",
                                              "Imię i nazwisko",
                                              "Nazwisko i imię",
                                              "Nazwa wyświetlana",
                                              "Pełna nazwa",
                                              "Pełne imię",
                                              "Fullständigt namn",
                                              "Visningsnamn",
                                              "För- och efternamn",
                                              "Fulde navn",
                                              "Fuldt navn",
                                              "Vist navn",
                                              "Visningsnavn",
                                              "For- og efternavn",
                                              "Celé jméno",
                                              "Zobrazované jméno",
                                              "Jméno a příjmení",
                                              "Příjmení a jméno",
                                              NULL};
static const char *const given_name_words[] = {"First Name",
                                               "Given Name",
                                               "Forename",
                                               "First",
                                               "Vorname",
                                               "Prénom",
                                               "Prenom",
                                               "Prénoms",
                                               "Nombre de pila",
                                               "Primer nombre",
                                               "Nome di battesimo",
                                               "Nome próprio",
                                               "Primeiro nome",
                                               "Voornaam",
                                               "Imię",
                                               "Imie",
                                               "Förnamn",
                                               "Fornavn",
                                               "Křestní jméno",
                                               NULL};
static const char *const family_name_words[] = {
    "Last Name",       "Family Name", "Surname",        "SN",          "Last",      "Nachname",
    "Familienname",    "Zuname",      "Nom de famille", "Nom d'usage", "Apellidos", "Apellido",
    "Primer apellido", "Cognome",     "Apelido",        "Apelidos",    "Sobrenome", "Último nome",
    "Achternaam",      "Familienaam", "Nazwisko",       "Efternamn",   "Efternavn", "Příjmení",
    "Prijmeni",        NULL};
/* Words for a place rank before words for just an office: in some exports,
 * "office" is the telephone number there. */
static const char *const office_words[] = {"Office Location",
                                           "Physical Delivery Office Name",
                                           "Office Number",
                                           "Büroraum",
                                           "Büronummer",
                                           "Bürostandort",
                                           "Emplacement du bureau",
                                           "Numéro de bureau",
                                           "N° de bureau",
                                           "Ubicación de la oficina",
                                           "Ubicación de oficina",
                                           "Sede ufficio",
                                           "Ubicazione ufficio",
                                           "Posizione ufficio",
                                           "Localização do escritório",
                                           "Kantoorlocatie",
                                           "Locatie van kantoor",
                                           "Lokalizacja biura",
                                           "Kontorsplats",
                                           "Kontorets plats",
                                           "Kontorplacering",
                                           "Umístění kanceláře",
                                           "Číslo kanceláře",
                                           "Office",
                                           "Büro",
                                           "Buero",
                                           "Bureau",
                                           "Oficina",
                                           "Despacho",
                                           "Ufficio",
                                           "Escritório",
                                           "Gabinete",
                                           "Kantoor",
                                           "Biuro",
                                           "Gabinet",
                                           "Kontor",
                                           "Kancelář",
                                           "Kancelar",
                                           "Room",
                                           "Room Number",
                                           "Room No",
                                           "Raum",
                                           "Raumnummer",
                                           "Raum Nr",
                                           "Zimmer",
                                           "Zimmernummer",
                                           "Zimmer Nr",
                                           "Salle",
                                           "Numéro de salle",
                                           "Pièce",
                                           "Sala",
                                           "Habitación",
                                           "Stanza",
                                           "Numero stanza",
                                           "Número da sala",
                                           "Kamer",
                                           "Kamernummer",
                                           "Lokaal",
                                           "Pokój",
                                           "Pokoj",
                                           "Numer pokoju",
                                           "Nr pokoju",
                                           "Rum",
                                           "Rumsnummer",
                                           "Lokale",
                                           "Lokalenummer",
                                           "Værelse",
                                           "Místnost",
                                           "Číslo místnosti",
                                           "Organization 1 - Location",
                                           "Business Address",
                                           "Business Street",
                                           "Work Address",
                                           NULL};

static const char *const *const role_words[CSV_ROLES] = {
    [CSV_NAME] = name_words,
    [CSV_FULL_NAME] = full_name_words,
    [CSV_GIVEN_NAME] = given_name_words,
    [CSV_FAMILY_NAME] = family_name_words,
    [CSV_OFFICE] = office_words,
};

/* Sets out, which is empty, to the word in the form used for comparison; leaves it
 * empty if the word is too long or not UTF-8. */
static void put_word(struct span word, struct text *out) {
    size_t kept = 0;
    if (word.len > WORD_MAX || fold_name(word, out) < 0) {
        out->len = 0;
        return;
    }
    for (size_t i = 0; i < out->len; i++)
        if (strchr(" _-.:", out->at[i]) == NULL || out->at[i] == '\0')
            out->at[kept++] = out->at[i];
    out->len = kept;
}

/* Drops a remark after a comma or in brackets: Name (last, first). */
static struct span without_remark(struct span word) {
    size_t len = 0;
    while (len < word.len && word.at[len] != '(' && word.at[len] != ',')
        len++;
    return (struct span){word.at, len};
}

static void note_column(struct csv_header *header, enum csv_role role, size_t rank, size_t column) {
    if (header->column[role] != CSV_NO_COLUMN && rank >= header->rank[role]) {
        header->twice[role] = header->twice[role] || rank == header->rank[role];
        return;
    }
    header->column[role] = column;
    header->rank[role] = rank;
    header->twice[role] = false;
}

/* The words of all roles, in the form used for comparison. */
struct known_words {
    struct {
        struct span word;
        enum csv_role role;
        size_t rank;
    } at[WORDS_MAX];
    size_t count;
    char room[WORDS_ROOM];
};

static void know_words(struct known_words *known) {
    struct text room = {.at = &known->room[0], .cap = WORDS_ROOM};
    known->count = 0;
    for (enum csv_role role = 0; role < CSV_ROLES; role++)
        for (size_t rank = 0; role_words[role][rank] != NULL && known->count < WORDS_MAX; rank++) {
            struct text word = {.at = room.at + room.len, .cap = room.cap - room.len};
            put_word(span_of(role_words[role][rank]), &word);
            room.len += word.len;
            known->at[known->count].word = text_span(&word);
            known->at[known->count].role = role;
            known->at[known->count++].rank = rank;
        }
}

static void match_word(const struct known_words *known, struct span word, size_t column,
                       struct csv_header *header) {
    for (size_t i = 0; word.len > 0 && i < known->count; i++)
        if (span_equal(known->at[i].word, word))
            note_column(header, known->at[i].role, known->at[i].rank, column);
}

/* Recognises "Address 1 - Formatted" with its Label or Type. word is in the
 * form used for comparison. */
static void match_address(struct span word, size_t column, struct csv_header *header) {
    const size_t before = sizeof("ADDRESS1") - 1;
    if (!span_starts(word, SPAN("ADDRESS")) || word.len <= before || word.at[before - 1] < '1' ||
        word.at[before - 1] > '9')
        return;
    struct csv_address *address = &header->address[word.at[before - 1] - '1'];
    struct span part = span_from(word, before);
    bool is_text = span_equal(part, SPAN("FORMATTED"));
    if (!is_text && !span_equal(part, SPAN("LABEL")) && !span_equal(part, SPAN("TYPE")))
        return;
    size_t *found = is_text ? &address->text : &address->kind;
    header->address_twice = header->address_twice || *found != CSV_NO_COLUMN;
    *found = column;
}

void csv_header_find(const struct csv *csv, struct csv_header *header) {
    struct known_words known;
    know_words(&known);
    *header = (struct csv_header){0};
    for (enum csv_role role = 0; role < CSV_ROLES; role++)
        header->column[role] = CSV_NO_COLUMN;
    for (size_t i = 0; i < CSV_ADDRESSES; i++)
        header->address[i] = (struct csv_address){CSV_NO_COLUMN, CSV_NO_COLUMN};
    for (size_t i = 0; i < csv->fields; i++) {
        char bytes[WORD_MAX * FOLD_GROWTH];
        struct text word = {.at = bytes, .cap = sizeof(bytes)};
        put_word(without_remark(csv_field(csv, i)), &word);
        match_word(&known, text_span(&word), i, header);
        match_address(text_span(&word), i, header);
    }
}

static size_t find_word(const struct csv *csv, struct span word, size_t number) {
    for (; number < csv->fields; number++) {
        char bytes[WORD_MAX * FOLD_GROWTH];
        struct text has = {.at = bytes, .cap = sizeof(bytes)};
        put_word(csv_field(csv, number), &has);
        if (has.len > 0 && span_equal(text_span(&has), word))
            return number;
    }
    return CSV_NO_COLUMN;
}

size_t csv_header_column(const struct csv *csv, const char *wanted, bool *by_number, bool *twice) {
    char bytes[WORD_MAX * FOLD_GROWTH];
    struct text word = {.at = bytes, .cap = sizeof(bytes)};
    put_word(span_of(wanted), &word);
    size_t column = find_word(csv, text_span(&word), 0);
    *by_number = false;
    *twice =
        column != CSV_NO_COLUMN && find_word(csv, text_span(&word), column + 1) != CSV_NO_COLUMN;
    if (column != CSV_NO_COLUMN || wanted[0] == '\0' ||
        wanted[strspn(wanted, "0123456789")] != '\0')
        return column;
    *by_number = true;
    unsigned long number = strtoul(wanted, NULL, 10);
    return number >= 1 && number <= csv->fields ? number - 1 : CSV_NO_COLUMN;
}
