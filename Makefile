# `make help` lists what there is to call. Each flavour builds in its own folder:
# release in build/, headless (no SDL) in build/headless/, asan (sanitizers) in build/asan/, fuzz
# (clang's fuzzer and sanitizers, no SDL) in build/fuzz/.
CC ?= cc
PREFIX ?= /usr/local
FLAVOUR ?= release
VERSION := 0.1.0

# ---- what is built: every .c file of a layer; a new file needs no edit here ----
SRC := $(wildcard src/core/*.c src/files/*.c src/lesson/*.c src/view/*.c src/export/*.c)
MAIN := $(wildcard src/*.c)
APP := $(wildcard src/app/*.c)
LIBS := zlib cairo pangocairo pangoft2 fontconfig harfbuzz harfbuzz-subset freetype2 libpng libwebpmux libwebp yaml-0.1 md4c jansson libutf8proc libzip
APP_LIBS := sdl2 SDL2_ttf

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum \
        -Wvla -Werror
BASE := -std=c11 -D_XOPEN_SOURCE=700 -Isrc -ffp-contract=off -DVERSION='"$(VERSION)"' $(WARN)
FLAGS_release := -O2 -g
FLAGS_headless := -O2 -g -DHEADLESS
FLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
              -fno-omit-frame-pointer
OUT_release := build
OUT_headless := build/headless
FLAGS_fuzz := -O1 -g -w -fsanitize=fuzzer-no-link,address,undefined
OUT_asan := build/asan
OUT_fuzz := build/fuzz
OUT := $(OUT_$(FLAVOUR))
OBJ := build/obj/$(FLAVOUR)
ifneq ($(filter headless fuzz,$(FLAVOUR)),)
APP :=
APP_LIBS :=
endif

# Asked only when something is built, so that `make run` can install pkg-config first.
PKG = $(eval PKG := $$(shell pkg-config --cflags $(LIBS) $(APP_LIBS)))$(PKG)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(LIBS) $(APP_LIBS)))$(PKG_LIBS)
CFLAGS_ALL = $(BASE) $(FLAGS_$(FLAVOUR)) $(PKG) $(CFLAGS)
LDLIBS_ALL = $(FLAGS_$(FLAVOUR)) $(LDFLAGS) $(PKG_LIBS) -lgif -lm -pthread

LIB := $(OBJ)/libgatewalk.a
LIB_OBJ := $(SRC:%.c=$(OBJ)/%.o) $(APP:%.c=$(OBJ)/%.o)
MAIN_OBJ := $(MAIN:%.c=$(OBJ)/%.o)
APP_TESTS := $(if $(APP),,$(wildcard tests/unit/test_app_*.c))
TESTS := $(patsubst tests/unit/%.c,$(OBJ)/tests/%,$(filter-out $(APP_TESTS),$(wildcard tests/unit/test_*.c)))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY := $(FUZZ:%=$(OBJ)/fuzz/%)
BENCH_ALONE := $(addprefix $(OBJ)/,bench_paper start)
BENCH_OBJ := $(filter-out $(BENCH_ALONE:$(OBJ)/%=$(OBJ)/tests/bench/%.o),$(patsubst %.c,$(OBJ)/%.o,$(wildcard tests/bench/*.c)))
BITS := $(foreach width,release O0 baseline avx2 avx512f,$(OBJ)/bits/$(width)/bits)
FONTS_DONE := build/assets/fonts/.done
PAGE := $(patsubst %,build/%,$(wildcard assets/page/*))

.PHONY: all headless asan run test setup unit replay lint bench bench-paper bits arm64 fuzz golden \
        oracle install uninstall format clean help tests-built
.DEFAULT_GOAL := all

all: $(OUT)/gatewalk ## build build/gatewalk (packages must be there: see make setup)
headless: ; @$(MAKE) --no-print-directory FLAVOUR=headless ## build build/headless/gatewalk, without SDL
asan: ; @$(MAKE) --no-print-directory FLAVOUR=asan ## build build/asan/gatewalk, with sanitizers

run: ## install what is missing, build, and open the first lesson in a window
	@.setup/install run
	@$(MAKE) --no-print-directory -s -j2 all
	@build/gatewalk 1

test: ## install what is missing, and run every test
	@.setup/install run test
	@tests/run.sh

setup: ; @.setup/install run test ## install what building and testing need, and nothing else

unit: $(TESTS) $(FONTS_DONE) ## build and run the unit tests
	@status=0; for t in $(TESTS); do timeout 120 $$t || status=1; done; exit $$status

replay: $(REPLAY) ## run each fuzz target over its corpus
	@status=0; for f in $(FUZZ); do timeout 120 $(OBJ)/fuzz/$$f tests/fuzz/corpus/$$f || status=1; done; exit $$status

tests-built: $(TESTS) $(REPLAY) $(if $(filter release,$(FLAVOUR)),$(BITS) $(OBJ)/bench)

lint: ## check layers, sizes, comments, globals, style
	@status=0; for s in tests/lint/*.sh; do $$s || status=1; done; exit $$status

bench: all $(OBJ)/bench $(OBJ)/start ## measure, and print what is asked beside it (ONLY="frames training/d": parts of it)
	@$(OBJ)/bench $(ONLY)

bench-paper: $(OBJ)/bench_paper ## repeat experiments of the 1997 paper, beside its numbers (some minutes; ROWS="2a 6b" chooses)
	@$(OBJ)/bench_paper $(ROWS)

bits: $(BITS) ## train with every kernel that this machine has, and compare the weights bit by bit
	@tests/bits/bits.sh $(BITS)

arm64: $(OBJ)/bits/release/bits ## the same for arm64, cross-compiled and emulated (says what it needs)
	@CC_FLAGS='$(BASE)' tests/bits/arm64.sh $< $(OBJ)/bits/arm64

oracle: ## compute PyTorch's numbers, and those of random cells, anew into tests/oracle (needs python3-torch)
	@for m in tests/oracle/make_*.py; do python3 $$m || exit 1; done

golden: ; @GOLDEN=1 $(MAKE) --no-print-directory unit ## rewrite the golden files: review with git diff

fuzz: ## fuzz one parser for a minute with clang: make fuzz T=cell (SECONDS=60)
	@mkdir -p build/fuzz/$(T)
	@$(MAKE) --no-print-directory FLAVOUR=fuzz CC=clang build/fuzz/$(T).bin
	build/fuzz/$(T).bin -max_total_time=$(or $(SECONDS),60) build/fuzz/$(T) tests/fuzz/corpus/$(T)

DESKTOP := share/applications/gatewalk.desktop
ICON := share/icons/hicolor/scalable/apps/gatewalk.svg

install: all ## install program, assets and lessons (PREFIX, DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/gatewalk
	install -m 755 build/gatewalk $(DESTDIR)$(PREFIX)/bin/gatewalk
	cp -R build/assets lessons $(DESTDIR)$(PREFIX)/share/gatewalk/
	install -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/gatewalk/LICENSE
	install -D -m 644 assets/desktop/gatewalk.desktop $(DESTDIR)$(PREFIX)/$(DESKTOP)
	install -D -m 644 assets/desktop/gatewalk.svg $(DESTDIR)$(PREFIX)/$(ICON)

uninstall: ## remove what install put there
	rm -rf $(DESTDIR)$(PREFIX)/bin/gatewalk $(DESTDIR)$(PREFIX)/share/gatewalk
	rm -f $(DESTDIR)$(PREFIX)/$(DESKTOP) $(DESTDIR)$(PREFIX)/$(ICON)

format: ; clang-format -i $$(git ls-files '*.c' '*.h') ## format the C files

clean: ; rm -rf build ## remove everything built

help: ## this list
	@awk -F ' ## ' '/^[a-z0-9-]+:.* ## / { split($$1, n, ":"); printf "  make %-12s %s\n", n[1], $$2 }' Makefile

# ---- rules ----
$(OUT)/gatewalk: $(MAIN_OBJ) $(LIB) $(FONTS_DONE) | $(PAGE)
	@mkdir -p $(@D)
	$(CC) -o $@ $(MAIN_OBJ) $(LIB) $(LDLIBS_ALL)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# Vector code for the arithmetic. These flags change no result: they are about errno and about the
# flags of floating-point exceptions, neither of which anyone reads.
VECTOR_release := -O3 -fno-math-errno -fno-trapping-math
VECTOR_headless := $(VECTOR_release)
$(OBJ)/src/core/vmath.o $(OBJ)/src/core/bptt.o $(OBJ)/src/core/wide.o $(OBJ)/src/core/optim.o \
$(OBJ)/src/core/train.o $(OBJ)/src/core/batch.o $(OBJ)/src/core/op_%.o: CFLAGS_ALL += $(VECTOR_$(FLAVOUR))

$(OBJ)/tests/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -o $@ $< $(LIB) $(LDLIBS_ALL) -lcmocka

$(OBJ)/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Wno-missing-prototypes -Itests -o $@ $< tests/fuzz/replay.c $(LIB) $(LDLIBS_ALL)

build/fuzz/%.bin: tests/fuzz/fuzz_%.c $(LIB)
	$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer -Itests -o $@ $< $(LIB) $(LDLIBS_ALL)

$(BENCH_ALONE): $(OBJ)/%: tests/bench/%.c $(LIB)
	$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -o $@ $< $(LIB) $(LDLIBS_ALL)

$(BENCH_OBJ): CFLAGS_ALL += -Itests
$(OBJ)/bench: $(BENCH_OBJ) $(LIB)
	$(CC) -o $@ $^ $(LDLIBS_ALL)

# tests/bits: what computes is compiled once more for each width of vectors, the rest is the library.
BITS_SRC := $(filter src/core/op_% src/core/trace% src/core/bptt.c src/core/forward.c src/core/optim.c \
              src/core/train.c src/core/batch.c src/core/vmath.c src/core/wide.c,$(SRC))
define BITS_RULES
$(OBJ)/bits/$(1)/%.o: src/core/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(BASE) -DVECTOR_PLAIN $(2) -MMD -MP -c -o $$@ $$<
$(OBJ)/bits/$(1)/bits: tests/bits/bits.c tests/shapes.h $(BITS_SRC:src/core/%.c=$(OBJ)/bits/$(1)/%.o) $(LIB)
	$$(CC) $$(BASE) -O2 -Itests -o $$@ $$(filter %.c %.o %.a,$$^) -lutf8proc -lm -pthread
-include $(BITS_SRC:src/core/%.c=$(OBJ)/bits/$(1)/%.d)
endef
$(eval $(call BITS_RULES,O0,-O0))
$(eval $(call BITS_RULES,baseline,-O2 $(VECTOR_release)))
$(eval $(call BITS_RULES,avx2,-O2 $(VECTOR_release) -mavx2))
$(eval $(call BITS_RULES,avx512f,-O2 $(VECTOR_release) -mavx512f))
$(OBJ)/bits/release/bits: tests/bits/bits.c tests/shapes.h $(LIB)
	@mkdir -p $(@D)
	$(CC) $(BASE) -O2 -Itests -o $@ $< $(LIB) -lutf8proc -lm -pthread

# Fonts come from the system's packages, or from the folder FONTS; cells from the tree.
$(FONTS_DONE): assets/fonts.sh $(wildcard assets/cells/*.cell assets/cells/*/*.cell)
	@FONTS="$(FONTS)" assets/fonts.sh build/assets
	@touch $@

# The style sheet and the program of exported pages.
build/assets/page/%: assets/page/%
	@mkdir -p $(@D)
	@cp $< $@

-include $(LIB_OBJ:.o=.d) $(MAIN_OBJ:.o=.d) $(TESTS:=.d) $(BENCH_ALONE:=.d) $(BENCH_OBJ:.o=.d)
