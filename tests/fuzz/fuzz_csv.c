// Any bytes as a table: nothing may crash, every field can be asked for, and it is read exactly
// when there is no mistake.
//   make fuzz T=csv
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "files/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Source source = {"fuzz.csv", arena_copy(a, (const char *)data, size), size};
    Diags d = diags_new(a);
    Table t;
    bool fine = csv_read(a, &source, &t, &d);
    assert(fine == diags_ok(&d));
    for (int col = 0; fine && col < t.cols; col++) {
        assert(csv_column(&t, t.names[col]) == col);
        double *numbers = ARENA_ARRAY(a, double, t.rows);
        bool all = true;
        for (int row = 0; row < t.rows; row++) {
            all &= csv_is_number(&t, row, col);
            assert(strlen(csv_text(a, &t, row, col)) <= size);
        }
        assert(all || !csv_numbers(a, &t, col, numbers, &d));
    }
    Buf printed = buf_new(a);
    diags_print(&d, &printed);
    arena_free(a);
    return 0;
}
