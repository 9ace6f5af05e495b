// The command table.
#include <stdio.h>

int main(void) {
    puts("gatewalk " VERSION);
    return 0;
}
