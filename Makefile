# make help lists what there is to call.
CC ?= cc
PREFIX ?= /usr/local
FLAVOUR ?= release
VERSION := 0.1.0

SRC := $(wildcard src/core/*.c src/files/*.c src/lesson/*.c src/view/*.c src/export/*.c)
APP := $(wildcard src/app/*.c)
LIBS := cairo pangocairo pangoft2 fontconfig harfbuzz freetype2 libpng yaml-0.1 md4c jansson libutf8proc
APP_LIBS := sdl2 SDL2_ttf

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum \
        -Wvla -Werror
BASE := -std=c11 -D_XOPEN_SOURCE=700 -Isrc -ffp-contract=off -DVERSION='"$(VERSION)"' $(WARN)
FLAGS_release := -O2 -g
FLAGS_headless := -O2 -g -DHEADLESS
FLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

ifeq ($(FLAVOUR),headless)
APP :=
APP_LIBS :=
endif
OUT_release := build
OUT_headless := build/headless
OUT_asan := build/asan
OUT := $(OUT_$(FLAVOUR))
OBJ := build/obj/$(FLAVOUR)
ifeq ($(filter clean help,$(MAKECMDGOALS)),)
PKG := $(shell pkg-config --cflags $(LIBS) $(APP_LIBS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(LIBS) $(APP_LIBS) 2>/dev/null)
endif
CFLAGS_ALL := $(BASE) $(FLAGS_$(FLAVOUR)) $(PKG) $(CFLAGS)
LDLIBS_ALL := $(FLAGS_$(FLAVOUR)) $(LDFLAGS) $(PKG_LIBS) -lm -lpthread

OBJS := $(SRC:%.c=$(OBJ)/%.o) $(APP:%.c=$(OBJ)/%.o)
LIB := $(OBJ)/libgatewalk.a
TESTS := $(patsubst tests/unit/%.c,$(OBJ)/tests/%,$(wildcard tests/unit/test_*.c))

.PHONY: all headless asan unit clean
all: $(OUT)/gatewalk
headless: ; @$(MAKE) --no-print-directory FLAVOUR=headless
asan: ; @$(MAKE) --no-print-directory FLAVOUR=asan

$(OUT)/gatewalk: $(OBJ)/src/main.o $(LIB)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDLIBS_ALL)

$(LIB): $(OBJS)
	@rm -f $@
	@ar rcs $@ $^

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(OBJ)/tests/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -o $@ $< $(LIB) $(LDLIBS_ALL) -lcmocka

# Each unit test in its own process, from the top of the tree.
unit: $(TESTS)
	@set -e; for t in $(TESTS); do timeout 60 $$t; done

clean:
	rm -rf build

-include $(OBJS:.o=.d) $(TESTS:=.d) $(OBJ)/src/main.d
