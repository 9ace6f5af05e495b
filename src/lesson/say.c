#include "lesson/say.h"
const char *say_step(Arena *a, const Lesson *l, Playhead at, Grain g, Lang lang){(void)a;(void)l;(void)at;(void)g;(void)lang;return "said.";}
const char *say_number(Arena *a, double v, int d, bool w, Lang lang){(void)w;(void)lang;return arena_printf(a,"%.*f",d,v);}
const char *say_name(Arena *a, const Lesson *l, int n, int p, int u, Lang lang){(void)a;(void)l;(void)n;(void)p;(void)u;(void)lang;return "name";}
