#include "import/source.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"

const char *entry_fault(const struct entry *entry) {
    if (entry->name.len > BOOK_NAME_MAX)
        return "name longer than 1024 bytes";
    if (entry->office.len > BOOK_OFFICE_MAX)
        return "office longer than 1024 bytes";
    if (!utf8_is_plain(entry->name))
        return "name is not plain UTF-8 text";
    if (!utf8_is_plain(entry->office))
        return "office is not plain UTF-8 text";
    if (fold_is_empty(entry->name))
        return "no name";
    if (entry->office.len == 0)
        return "no office";
    return NULL;
}
