// What only a window can tell: from the start of the process to the first frame on the screen, and
// the processor time of an idle window. window.sh opens it on a screen of its own.
#include <stdio.h>

#include "report.h"

void section_window(Report *r) {
    double median, worst, waiting, idle;
    FILE *pipe = popen("tests/bench/window.sh build/obj/release/start", "r");
    int found = pipe ? fscanf(pipe, "%lf %lf %lf %lf", &median, &worst, &waiting, &idle) : 0;
    if (pipe) pclose(pipe);
    if (found != 4) {
        printf("No screen to measure on (package xvfb).\n");
        return;
    }
    printf("| the window | median | worst of 15 | asked |\n| --- | --- | --- | --- |\n");
    printf("| start of the process to the first frame on the screen, warm caches | %.0f ms, of it "
           "%.0f ms waiting for a busy processor | %.0f ms | %s |\n",
           median, waiting, worst,
           report_asked(r, "start to the first frame", median, AT_MOST, 250, " ms"));
    printf("| an idle window, 10 s | %.0f ms of processor time | | %s |\n", idle,
           report_asked(r, "an idle window", idle, AT_MOST, 0, " ms"));
}
