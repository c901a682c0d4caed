"""How a hall starts on one machine, and how it stops."""

import asyncio
import configparser
import json
import os
import shlex
import signal
import socket
import stat
import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg2
import pytest
import uvloop

from mpp import embedded, ending, options, parts, run, serve, terminal, unprivileged
from mpp.embedded import APP, OWNER, wait_until
from mpp.options import REPOSITORY
from mpp.terminal import Refusal
from mpp.unprivileged import User
from tests.servers import Servers

STRANGER = User(4242, 4242, "stranger")
KEPT = dict.fromkeys(options.SECRETS, "secret")


def asked(var=Path("/var/hall"), **env):
    return options.read_options({"MPP_VAR": str(var), **env})


# --- What the environment asks for --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "0"), ("PORT", "70000"), ("KIOSK_RATE", "-1"), ("PORT", "٨٠٨٠")],
)
def test_a_number_that_is_none_is_refused_in_a_sentence(name, value):
    with pytest.raises(Refusal, match=f"^{name} must be a whole number from .*{value}"):
        asked(**{name: value})


def test_empty_variables_mean_the_default():
    hall = options.read_options({"PORT": "", "HOST": "", "MPP_VAR": "", "DATABASE_URL": ""})
    assert hall.door == "127.0.0.1:8000"
    assert hall.var == REPOSITORY / "var"


def test_the_hall_wants_postgresql():
    with pytest.raises(Refusal, match="needs PostgreSQL"):
        asked(DATABASE_URL="sqlite:///db.sqlite3")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost"])
def test_a_hall_on_the_loopback_is_known_by_the_loopbacks_names_only(host):
    assert asked(HOST=host).allowed_hosts == "localhost,127.0.0.1,[::1]"


def test_a_hall_on_the_network_is_known_by_its_address():
    assert "192.0.2.7" in asked(HOST="192.0.2.7").allowed_hosts.split(",")


def test_a_hall_open_to_all_is_known_by_every_name_of_the_machine():
    names = asked(HOST="0.0.0.0").allowed_hosts.split(",")  # noqa: S104
    assert socket.gethostname() in names
    assert "0.0.0.0" not in names  # noqa: S104
    assert len(names) == len(set(names))


def test_names_that_are_given_are_taken_as_they_are():
    assert asked(ALLOWED_HOSTS="antrean.example.go.id").allowed_hosts == "antrean.example.go.id"


def test_secrets_are_made_once_and_kept_private(tmp_path):
    first = options.kept_secrets(tmp_path)
    assert options.kept_secrets(tmp_path) == first
    assert len(set(first.values())) == len(options.SECRETS)
    assert len(first["django"]) >= 50
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_parts_get_to_know_the_apps_role_and_never_the_owner(monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://mpp_owner:secret@127.0.0.1/mpp")
    hall = asked(KIOSK_RATE="0", PORT="8001")
    env = options.environment(hall, options.addresses(hall, KEPT), "key")
    assert "DATABASE_OWNER_URL" not in env
    assert env["DATABASE_URL"].startswith("postgresql://mpp_app:")
    assert (env["KIOSK_RATE"], env["PORT"], env["MPP_VAR"]) == ("0", "8001", "/var/hall")


def test_the_tables_are_made_by_the_owner_who_is_told_the_apps_role():
    where = options.addresses(asked(), KEPT)
    env = options.for_open_hall({}, where)
    assert env["DATABASE_URL"] == env["DATABASE_OWNER_URL"] == where.owner
    assert env["APP_ROLE"] == APP


def test_a_given_database_with_one_role_needs_no_grants():
    where = options.addresses(asked(DATABASE_URL="postgresql://one@127.0.0.1/hall"), KEPT)
    assert where.owner == where.app == "postgresql://one@127.0.0.1/hall"
    assert "APP_ROLE" not in options.for_open_hall({}, where)


# --- Before anything starts ---------------------------------------------------------------------


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(Refusal, match=f"1:{port} is in use by another program"):
            run.check_door(asked(PORT=port))


def test_a_free_port_is_no_reason_to_refuse():
    run.check_door(asked(PORT=str(embedded.free_port())))


def test_a_host_that_is_not_ours_is_named():
    with pytest.raises(Refusal, match=r"^192\.0\.2\.7:8000 cannot be opened"):
        run.check_door(asked(HOST="192.0.2.7"))


def test_a_database_that_is_given_but_not_there_is_refused_without_its_password():
    with pytest.raises(Refusal, match="does not let us in") as refusal:
        run.check_database(asked(DATABASE_URL="postgresql://app:hush@127.0.0.1:1/hall"))
    assert "hush" not in str(refusal.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match=f"MPP_VAR={tmp_path}/file/var cannot be written"):
        run.lock_folder(tmp_path / "file" / "var")


def test_a_second_run_in_the_same_folder_is_refused_and_told_of_the_first(tmp_path):
    with (
        run.lock_folder(tmp_path),
        pytest.raises(Refusal, match=rf"\(process {os.getpid()}\) already uses {tmp_path}"),
    ):
        run.lock_folder(tmp_path)


def test_a_killed_run_that_is_still_stopping_is_waited_for(tmp_path, capsys):
    with run.lock_folder(tmp_path) as last, ExitStack() as stack:
        last.truncate(0)
        last.write("4194305")  # above the highest number that a process can have
        last.flush()
        threading.Timer(0.2, last.close).start()
        stack.enter_context(run.lock_folder(tmp_path))
    assert "still stopping" in capsys.readouterr().out


def test_a_refusal_is_one_sentence_and_exit_code_1(tmp_path):
    env = {**clean_environment(tmp_path, 8000), "PORT": "abc"}
    command = [sys.executable, "-m", "mpp.run"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "PORT must be a whole number from 1 to 65535, not 'abc'.\n"


def test_a_command_beside_a_hall_that_does_not_run_says_so():
    env = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    asked = [sys.executable, str(REPOSITORY / "manage.py"), "verify_log"]
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1
    assert done.stderr.startswith("The hall's database does not answer. Does the hall run?")
    assert done.stderr.count("\n") == 1


# --- The parts ----------------------------------------------------------------------------------


def all_parts():
    own = parts.own_parts("127.0.0.1:8000", Path("/var/hall/run"), {})
    return [*own, parts.postgres_part(["postgres"]), parts.valkey_part(["valkey-server"])]


def part(name):
    return next(part for part in all_parts() if part.name == name)


def section_of(part):
    parser = configparser.RawConfigParser()
    parser.read_string(parts.part_section(part))
    return dict(parser[parser.sections()[0]])


@pytest.mark.parametrize("name", ["web", "worker", "beat", "valkey", "postgres"])
def test_every_part_waits_for_its_turn_and_comes_back_for_ever(name):
    section = section_of(part(name))
    assert (section["autostart"], section["autorestart"]) == ("false", "true")
    assert int(section["startretries"]) >= 1_000_000


def test_the_door_closes_first_and_the_database_last():
    from_last = sorted(all_parts(), key=lambda part: part.rank)
    assert [part.name for part in from_last] == ["postgres", "valkey", "beat", "worker", "web"]


def test_two_web_processes_share_one_door():
    section = section_of(part("web"))
    assert section["socket"] == "tcp://127.0.0.1:8000"
    assert section["numprocs"] == "2"
    assert int(section["stopwaitsecs"]) > serve.config().timeout_graceful_shutdown


@pytest.mark.parametrize(("name", "steps_back"), [("web", 0), ("worker", 10)])
def test_work_that_may_be_late_leaves_the_processor_to_the_presses(name, steps_back):
    asks = replace(part(name), command=["nice"])  # without words it says how nice it is itself
    command = shlex.split(section_of(asks)["command"])
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert int(told) == min(os.nice(0) + steps_back, 19)


def test_no_part_outlives_the_process_manager():
    assert section_of(part("web"))["command"].startswith("setpriv --pdeathsig=TERM -- ")
    assert section_of(part("postgres"))["command"].startswith("setpriv --pdeathsig=INT -- ")


def test_percent_signs_and_spaces_in_a_path_reach_the_program():
    command = section_of(parts.postgres_part(["postgres", "-D", "/100% of/the hall"]))["command"]
    assert command == "setpriv --pdeathsig=INT -- postgres -D '/100%% of/the hall'"


def test_no_password_stands_on_a_command_line():
    where = options.addresses(asked(), KEPT)
    commands = [embedded.postgres_command(Path("data"), 5432), embedded.valkey_command(Path("c"))]
    commands += [part.command for part in all_parts()]
    text = " ".join(word for command in commands for word in command)
    assert KEPT["valkey"] not in text
    assert where.app not in text


def test_the_web_takes_small_messages_and_notices_dead_screens(monkeypatch):
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    config = serve.config()
    assert (config.ws_max_size, config.ws_ping_interval, config.ws_ping_timeout) == (4096, 10, 7)
    assert not config.ws_per_message_deflate
    assert not config.server_header
    assert not config.proxy_headers


def test_a_proxy_is_believed_only_when_it_is_named(monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")
    config = serve.config()
    assert (config.proxy_headers, config.forwarded_allow_ips) == (True, "192.0.2.1")


# --- PostgreSQL and Valkey ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def servers():
    with Servers() as servers:
        yield servers


def rows(url, query):
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


def test_the_app_may_connect_but_make_no_tables(servers):
    url = servers.database_url(APP)
    assert rows(url, "SELECT current_user") == [(APP,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        rows(url, "CREATE TABLE mine (id int)")


@pytest.mark.parametrize("role", [APP, OWNER])
def test_no_role_of_the_hall_is_a_superuser(servers, role):
    query = "SELECT rolsuper, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = user"
    assert rows(servers.database_url(role), query) == [(False, False, False)]


def test_nobody_comes_in_without_the_password(servers):
    assert not embedded.postgres_answers(
        servers.database_url().replace(servers.passwords[OWNER], "")
    )
    assert not embedded.valkey_answers("guessed", servers.valkey_port)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("fsync", "on"), ("synchronous_commit", "on"), ("TimeZone", "UTC"), ("data_checksums", "on")],
)
def test_the_database_forgets_nothing_that_it_acknowledged(servers, setting, value):
    assert rows(servers.database_url(), f"SHOW {setting}") == [(value,)]


def test_letters_of_every_language_are_known_to_the_database(servers):
    assert rows(servers.database_url(), "SELECT upper('ğ'), length('📄')") == [("Ğ", 1)]


def test_roles_and_database_are_made_as_often_as_one_likes(servers):
    embedded.create_roles_and_database(servers.admin_url, servers.passwords, "CREATEDB")
    assert embedded.postgres_answers(servers.database_url())


def test_valkey_reads_a_folder_with_quotes_in_its_name():
    assert r'dir "/the \"hall\""' in embedded.valkey_config(Path('/the "hall"'), 1, "password")


def test_ports_are_not_those_that_the_kernel_gives_to_clients():
    low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert all(embedded.free_port() < low for _ in range(20))


@pytest.mark.parametrize("pid", ["4194305", str(os.getpid())], ids=["gone", "taken by another"])
def test_the_lock_of_a_dead_database_is_forgotten(tmp_path, pid):
    lock = tmp_path / "postmaster.pid"
    lock.write_text(f"{pid}\n/data\n")
    embedded.forget_dead_postmaster(tmp_path)
    assert not lock.exists()


def test_the_lock_of_a_living_database_stays(servers, tmp_path):
    lock = tmp_path / "postmaster.pid"
    lock.write_text(f"{servers.postgres.pid}\n/data\n")
    embedded.forget_dead_postmaster(tmp_path)
    assert lock.exists()


# --- As whom ------------------------------------------------------------------------------------


def test_new_folders_are_for_an_ordinary_user(tmp_path):
    user = unprivileged.user_for(tmp_path / "new")
    assert user.name in {"postgres", "nobody"}
    assert user.uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_owner_of_the_data_runs_the_hall(tmp_path):
    os.chown(tmp_path, STRANGER.uid, STRANGER.gid)
    assert unprivileged.user_for(tmp_path) == User(STRANGER.uid, STRANGER.gid, "4242")


def test_a_folder_with_other_peoples_folders_is_not_taken(tmp_path):
    (tmp_path / "letters").mkdir()
    with pytest.raises(Refusal, match="holds letters/: choose an empty folder"):
        unprivileged.give_folder(tmp_path, STRANGER)


def test_the_way_to_a_closed_folder_is_found(tmp_path):
    closed = tmp_path / "closed"
    (closed / "clone").mkdir(parents=True)
    closed.chmod(0o700)
    assert closed in unprivileged.closed_to(STRANGER, [closed / "clone"])


def test_open_folders_and_readable_files_are_no_obstacle():
    assert unprivileged.closed_to(STRANGER, [Path("/usr/bin"), Path("/etc/passwd")]) == []


@pytest.mark.parametrize(
    ("closed", "held", "lent"),
    [
        ([], {"dac_read_search", "dac_override"}, []),
        (["/root"], {"dac_read_search", "dac_override"}, ["dac_read_search"]),
        (["/root"], {"dac_override"}, ["dac_override"]),
    ],
)
def test_the_least_that_helps_is_lent_and_usually_nothing(closed, held, lent):
    paths = [Path(each) for each in closed]
    assert unprivileged.capabilities(paths, 8000, held, STRANGER) == lent


def test_a_low_port_is_the_other_thing_that_may_be_lent(monkeypatch):
    monkeypatch.setattr(unprivileged, "first_open_port", lambda: 1024)
    held = {"net_bind_service", "dac_read_search"}
    assert unprivileged.capabilities([], 80, held, STRANGER) == ["net_bind_service"]
    assert unprivileged.capabilities([], 80, set(), STRANGER) == []


def test_a_closed_folder_that_root_itself_cannot_lend_is_named():
    with pytest.raises(Refusal, match="user stranger, who may not enter /root"):
        unprivileged.capabilities([Path("/root")], 8000, set(), STRANGER)


def test_nothing_but_what_is_lent_comes_along():
    command = unprivileged.command_as(STRANGER, ["dac_read_search"])
    assert "--bounding-set=-all,+dac_read_search" in command
    assert {"--clear-groups", "--no-new-privs", "--reuid=4242", "--regid=4242"} < set(command)
    assert "--securebits=+no_setuid_fixup" in command  # else access(2) says no, and initdb with it


# --- What the person reads ----------------------------------------------------------------------


def demo(**more):
    person = {"username": "manajer", "password": "rahasia", "key": "k"}
    operator = {"username": "loket-01", "password": "rahasia", "key": "k", "counter": 1}
    base = {"base_url": "http://127.0.0.1:8000", "hall": "payakumbuh", "manager": person}
    return {
        **base,
        "greeter": person,
        "operators": [operator],
        "kiosks": [],
        "displays": [],
        **more,
    }


def test_the_person_reads_every_address_and_how_to_sign_in(tmp_path):
    kiosks = [{"name": "Anjungan 1", "key": "k", "url": "http://127.0.0.1:8000/payakumbuh/kiosk?k"}]
    (tmp_path / "demo.json").write_text(json.dumps(demo(kiosks=kiosks)))
    words = terminal.welcome(tmp_path)
    for page in ("/", "/payakumbuh/desk", "/payakumbuh/display", "/payakumbuh/manager", "/admin/"):
        assert f" http://127.0.0.1:8000{page}\n" in words
    assert " http://127.0.0.1:8000/payakumbuh/kiosk?k\n" in words
    assert "loket-01 / rahasia" in words


def test_without_a_demo_hall_there_are_no_addresses_to_show(tmp_path):
    with pytest.raises(Refusal, match=r"demo\.json is not there"):
        terminal.welcome(tmp_path)


def test_a_step_says_how_long_it_took(capsys, monkeypatch):
    monkeypatch.setattr(terminal, "time", SimpleNamespace(monotonic=iter([5.0, 7.26]).__next__))
    with terminal.step("Starting the test"):
        pass
    assert capsys.readouterr().out == "Starting the test ... ready (2.3 s)\n"


# --- The end ------------------------------------------------------------------------------------


@pytest.fixture
def own_signals():
    before = {number: signal.getsignal(number) for number in ending.SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ending.SIGNALS)
def test_the_first_signal_ends_the_hall_and_the_second_changes_nothing(own_signals, number):
    ending.listen()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
    signal.raise_signal(number)
    signal.raise_signal(signal.SIGINT)


class Interrupted(asyncio.Protocol):
    """A connection in which the signal arrives: its guard would take an exception for its own."""

    def data_received(self, data: bytes) -> None:
        signal.raise_signal(signal.Signals(data[0]))
        signal.raise_signal(signal.SIGINT)


async def wait_beside_a_connection(number: signal.Signals, seconds: float = 5) -> None:
    ours, theirs = socket.socketpair()
    await asyncio.get_running_loop().create_connection(Interrupted, sock=ours)
    theirs.send(bytes([number]))
    try:
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
    finally:
        theirs.close()


@pytest.mark.parametrize("number", ending.SIGNALS)
def test_a_signal_ends_a_loop_even_in_the_middle_of_a_connection(own_signals, number):
    ending.listen()
    with pytest.raises(KeyboardInterrupt):
        ending.run_loop(wait_beside_a_connection(number))
    signal.raise_signal(number)


def test_without_its_guard_a_loop_runs_on_after_the_signal(own_signals):
    ending.listen()
    with pytest.raises(TimeoutError):
        uvloop.run(wait_beside_a_connection(signal.SIGTERM, 0.3))


def test_a_loop_that_came_to_its_end_leaves_the_signals_as_they_were(own_signals):
    ending.listen()
    ending.run_loop(asyncio.sleep(0))
    assert {signal.getsignal(number) for number in ending.SIGNALS} == {ending.end}


def test_a_hall_started_with_nohup_stays_when_its_terminal_closes(own_signals):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    ending.listen()
    signal.raise_signal(signal.SIGHUP)


def test_the_addresses_can_be_shown_again(tmp_path, monkeypatch, capsys):
    (tmp_path / "demo.json").write_text(json.dumps(demo()))
    monkeypatch.setenv("MPP_VAR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["run", "addresses"])
    assert run.main() == 0
    assert "http://127.0.0.1:8000/payakumbuh/desk" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("handler", "minds"),
    [("lambda *_: 0", True), ("signal.SIG_IGN", True), ("signal.SIG_DFL", False)],
)
def test_a_make_that_forgot_its_handler_is_noticed(handler, minds):
    program = f"import signal; signal.signal(signal.SIGINT, {handler}); print(flush=True); input()"
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as make:
        make.stdout.readline()
        assert ending.minds(make.pid, signal.SIGINT) is minds
        make.kill()


def test_a_make_that_is_gone_minds_nothing():
    assert not ending.minds(4_194_305, signal.SIGINT)


# --- The whole of it ----------------------------------------------------------------------------

OTHERS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATABASE_OWNER_URL", "ALLOWED_HOSTS", "HOST"}
PROGRAMS = {
    "postgres": "bin/postgres",
    "valkey": "valkey-server",
    "web": "mpp.serve",
    "worker": "worker",
    "beat": "beat",
}


def clean_environment(var, port):
    env = {name: value for name, value in os.environ.items() if name not in OTHERS}
    return {**env, "MPP_VAR": str(var), "PORT": str(port)}


def command_line(process):
    try:
        return process.cmdline()
    except psutil.Error:  # it has just ended
        return []


class Hall:
    """A hall that was started as a person starts it."""

    def __init__(self, var, command):
        self.var, self.port = var, embedded.free_port()
        self.words = var.parent / f"{var.name}.words"
        self.asked = asked(var, PORT=str(self.port))
        with self.words.open("w") as words:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=REPOSITORY,
                env=clean_environment(var, self.port),
                stdout=words,
                stderr=words,
                start_new_session=True,
            )

    def wait_until_open(self):
        def is_open_or_over():
            return "The hall is open" in self.said or self.process.poll() is not None

        assert wait_until(is_open_or_over, 60), self.said
        assert self.process.poll() is None, self.said
        return self

    @property
    def said(self):
        return self.words.read_text()

    @property
    def everybody(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def pids(self, name):
        return {
            each.pid
            for each in self.everybody
            if any(word.endswith(PROGRAMS[name]) for word in command_line(each))
        }

    def is_ready(self):
        return run.is_ready(self.asked)

    def is_back(self, name, before):
        return len(self.pids(name)) == len(before) and self.pids(name).isdisjoint(before)


@pytest.fixture
def start(tmp_path):
    with ExitStack() as halls:

        def start(command=(sys.executable, "-m", "mpp.run")):
            hall = Hall(tmp_path / "var", command)
            halls.callback(hall.process.wait)
            halls.callback(hall.process.send_signal, signal.SIGTERM)
            return hall.wait_until_open()

        yield start


def is_gone(process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE  # buried by whoever adopted it
    except psutil.NoSuchProcess:
        return True


@pytest.mark.slow
def test_whatever_part_is_killed_comes_back(start):
    hall = start()
    for name in [*PROGRAMS, *PROGRAMS]:
        before = hall.pids(name)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda name=name, before=before: hall.is_back(name, before), 15), name
        assert wait_until(hall.is_ready, 15), name


@pytest.mark.slow
def test_a_later_run_goes_on_with_the_same_data(start):
    first = start()
    demo = (first.var / "demo.json").read_text().replace(str(first.port), "PORT")
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(20) == 0
    second = start()
    assert (second.var / "demo.json").read_text().replace(str(second.port), "PORT") == demo
    assert "Making the database" not in second.said


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("who", ["make", "launcher", "everyone"])
def test_nothing_is_left_however_the_hall_ends(start, who, number):
    hall = start(("make", "run"))
    everybody = hall.everybody
    if who == "launcher":
        everybody[0].send_signal(number)
    elif who == "make":
        hall.process.send_signal(number)
    else:
        os.killpg(hall.process.pid, number)
    assert wait_until(lambda: all(is_gone(process) for process in everybody), 20)
    hall.process.wait(5)
