# The few verbs of the hall.

# The system's own, which is built with profile-guided optimisation, before one that was compiled by hand.
PYTHON ?= $(shell /usr/bin/python3 -c "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null \
	&& echo /usr/bin/python3 || echo python3)
VENV = .venv/bin/python
SBOM = .venv/sbom
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help setup run demo backup drill restore manage test quick thorough faults bench lint types imports migrations messages messages-check check setup-dev browser pins sbom

help: ## shows these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

run: setup ## starts the whole hall and stays; Ctrl-C stops it, the data stay
	@exec $(VENV) -m mpp.run

demo: setup ## shows the addresses and sign-ins of the running hall again
	@$(VENV) -m mpp.run addresses

backup: setup ## takes a backup beside the running hall
	@exec $(VENV) -m mpp.run manage backup

drill: setup ## brings the newest backup back beside the running hall and judges it
	@exec $(VENV) -m mpp.run manage drill

restore: setup ## puts the newest backup in the place of the data of a stopped hall
	@exec $(VENV) -m mpp.run manage restore $(if $(UNTIL),--until $(UNTIL))

manage: setup ## runs a command of the hall, beside it or not: make manage DO="verify_log"
	@exec $(VENV) -m mpp.run manage $(DO)

setup: ## makes .venv and installs what the hall runs on
	@$(call install,requirements.txt)

setup-dev: setup
	@$(call install,requirements-dev.txt)

test: setup-dev browser ## runs the fast tests, beside a running hall if there is one
	@$(VENV) -m pytest -n $(SIDE_BY_SIDE) -m "not slow"

quick: setup-dev ## runs in a minute what needs neither a browser nor a hall of its own
	@$(VENV) -m pytest -n $$(nproc) -m "not slow and not long and not browser"

thorough: setup-dev browser ## runs every test but the faults: the kiosk on all its screens, too
	@$(VENV) -m pytest -n $(SIDE_BY_SIDE) -m "not fault"

faults: setup-dev browser ## breaks the hall in every way of docs/reliability.md, and renews its table
	@$(VENV) -m pytest -n 2 -m fault --write-page $(if $(SEED),--seed $(SEED))

bench: setup-dev browser ## measures the hall beside what it could be, and renews docs/performance.md
	@$(VENV) -m tests.bench $(if $(QUICK)$(ONLY),,--write-page) $(if $(QUICK),--quick) \
		$(if $(ONLY),--only $(ONLY)) $(if $(STRICT),--strict)

check: lint types imports migrations messages-check test ## what CI runs

pins: ## resolves requirements*.in into requirements*.txt, with the hash of every file (needs an index)
	@test -x $(UV) || { $(PYTHON) -m venv .venv/pins && .venv/pins/bin/python -m pip install -q uv==0.13.9; }
	@$(UV) pip compile $(pinned) requirements.in -o requirements.txt
	@$(UV) pip compile $(pinned) -c requirements.txt requirements-dev.in -o requirements-dev.txt

lint: setup-dev ## ruff: rules and format
	@$(VENV) -m ruff check --no-cache
	@$(VENV) -m ruff format --no-cache --check

types: setup-dev ## mypy
	@$(with_settings) $(VENV) -m mypy --cache-dir=.venv/mypy-cache

imports: setup-dev # they run one way
	@$(VENV) -c "from importlinter.cli import lint_imports_command as run; run()" --no-cache

migrations: setup-dev
	@$(with_settings) $(VENV) manage.py makemigrations --check --dry-run

messages: setup-dev ## collects the texts to translate (needs gettext) and compiles them
	@$(with_settings) $(VENV) manage.py makemessages --locale=en --no-obsolete --no-location
	@$(with_settings) $(VENV) manage.py makemessages --locale=en --no-obsolete --no-location --domain=djangojs
	@$(with_settings) $(VENV) manage.py compilemessages --ignore=.venv

messages-check: setup-dev # every text is there in English too
	@$(with_settings) $(VENV) tests/check_messages.py

sbom: setup ## prints what the hall runs on, as CycloneDX: make -s sbom > sbom.json
	@test -x $(SBOM)/bin/cyclonedx-py || { $(VENV) -m venv $(SBOM) && \
		$(SBOM)/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0; }
	@$(SBOM)/bin/cyclonedx-py requirements requirements.txt

browser:
	@$(have_browser) \
	|| { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -y -q chromium; } \
	|| { sudo -n apt-get update -q && sudo -n apt-get install -y -q chromium; } 2>/dev/null \
	|| $(VENV) -m playwright install chromium \
	|| { echo "The tests need a browser: install Debian's package chromium, then try again."; exit 1; }

# --- How ---------------------------------------------------------------------------------------

# Most of these tests wait half of their time, for a page or for a clock.
SIDE_BY_SIDE = $(shell echo $$(( $$(nproc) * 3 / 2 )))

have_browser = command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null

UV = .venv/pins/bin/uv
# For every Python and machine that the hall may run on; a package from elsewhere is refused by its hash.
pinned = --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make pins"

# Commands that only look at the code need settings, but no server.
with_settings = SECRET_KEY=only-for-looking-at-the-code-never-for-a-running-hall-at-all \
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1

# Installs a list of packages when it is not the one that was installed last; one make at a time.
define install
( flock 9; cmp -s $(1) .venv/$(1) || { \
	$(make_venv) \
	echo "Installing $(1) into .venv ..."; \
	$(VENV) -m pip install --quiet --disable-pip-version-check --prefer-binary -r $(1) \
	&& cp $(1) .venv/$(1); } ) 9<Makefile
endef

define make_venv
$(VENV) -m pip --version >/dev/null 2>&1 || { \
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
	|| { echo "The hall needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }; \
	$(PYTHON) -m venv --clear .venv \
	|| { echo "Python's venv is missing: install Debian's package python3-venv."; exit 1; }; };
endef
