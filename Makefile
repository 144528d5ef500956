# Every target works in a clean clone with git, make and a Rust toolchain; what each does stands in README.md.

PREFIX ?= /usr/local
DESTDIR ?=
SBINDIR = $(DESTDIR)$(PREFIX)/sbin
LIBDIR = $(DESTDIR)$(PREFIX)/lib/rlvm
MANDIR = $(DESTDIR)$(PREFIX)/share/man
CARGO ?= cargo
TARGET = $(or $(CARGO_TARGET_DIR),target)

UDEVDIR ?= $(PREFIX)/lib/udev/rules.d

.PHONY: all demo test quick bench install install-boot man clean
.DELETE_ON_ERROR:

# Where there is a C library to link statically, the program is one file that an initramfs can take as it is, at fixed addresses:
# the dynamic loader's work is otherwise half of what a short command does, and a third of its memory.
ifneq (,$(findstring /,$(shell cc -print-file-name=libc.a 2>/dev/null)))
LINK ?= -C target-feature=+crt-static -C relocation-model=static
endif

all:
	$(CARGO) rustc --release -p rlvm-cli --bin rlvm -- $(LINK)

demo:
	@tests/demo

test:
	@tests/run all

quick:
	@tests/run quick

bench:
	@bench/run

man:
	$(CARGO) run -q -p rlvm-man -- $(TARGET)/man

# The command names of LVM2 are links in a directory of rlvm's own, which nobody has in PATH unless they put it there:
# an installed LVM2 stays what `lvs` runs.
install: all man
	install -d $(SBINDIR) $(LIBDIR)/bin $(MANDIR)/man8
	install -m 755 $(TARGET)/release/rlvm $(SBINDIR)/rlvm
	tests/links $(TARGET)/release/rlvm ../../../sbin/rlvm $(LIBDIR)/bin
	for page in $(TARGET)/man/rlvm*.8; do install -m 644 "$$page" $(MANDIR)/man8/ || exit 1; done

# udev's rules are a choice of their own: they act as soon as they are there.
install-boot: install
	install -d $(DESTDIR)$(UDEVDIR)
	for rules in boot/udev/*.rules; do \
	  sed 's|@SBINDIR@|$(PREFIX)/sbin|' "$$rules" >"$(DESTDIR)$(UDEVDIR)/$${rules##*/}" || exit 1; done

clean:
	$(CARGO) clean
