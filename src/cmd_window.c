// The window: `gatewalk`, `gatewalk LESSON`, `gatewalk LESSON --at STEP`.
#include <stdio.h>

#include "command.h"
ExitCode cmd_window(Program *p, int argc, char **argv) { (void)p; (void)argc; (void)argv; return EXIT_MACHINE; }
