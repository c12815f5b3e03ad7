"""What operators script against: exit status, output, and one sentence for what is wrong."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.gateway import ROOT, Gateway
from tests.samples import form, messages, people
from tests.servers.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.certificates import Certificates


def referral(gateway: Gateway, referrer: str) -> bytes:
    return messages.mail(
        sender=referrer,
        to=gateway.user,
        attachments=[("form.pdf", form.fillable(people.somebody_else()))],
    )


def arrived(gateway: Gateway, referrer: str) -> None:
    gateway.receive(referral(gateway, referrer), referrer)
    eventually(gateway.inbox, "the message has arrived")


def words(gateway: Gateway) -> list[str]:
    return [sys.executable, "-m", "intake", "poll", "--config", str(gateway.config)]


def one_sentence(said: str) -> str:
    assert said.count("\n") == 1, said
    return said


# process


def test_process_takes_saved_messages_down_the_same_path(
    gateway: Gateway, referrer: str, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.eml"
    saved.write_bytes(referral(gateway, referrer))
    done = gateway.command("process", str(saved))
    assert done.returncode == 0, done.stderr
    (case,) = gateway.cases()
    assert case["mailbox"] == "process"
    assert case["acknowledgement"]["status"] == "sent"
    (message,) = gateway.records("messages", "list")
    assert (message["state"], message["filed_to"], message["uid"]) == ("recorded", None, None)
    assert len(gateway.mail_of(referrer)) == 1
    again = gateway.command("process", str(saved))
    assert again.returncode == 0
    assert (len(gateway.cases()), len(gateway.mail_of(referrer))) == (1, 1)


@pytest.mark.parametrize(("words", "status"), [((), "withheld"), (("--acknowledge",), "sent")])
def test_process_acknowledges_old_mail_only_when_told_to(
    gateway: Gateway, referrer: str, tmp_path: Path, words: tuple[str, ...], status: str
) -> None:
    stamp = b"Received: from a by b; Mon, 2 Nov 2026 09:00:00 +0000\r\n"
    saved = tmp_path / "old.eml"
    saved.write_bytes(stamp + referral(gateway, referrer))
    assert gateway.command("process", *words, str(saved)).returncode == 0
    (case,) = gateway.cases()
    assert case["received_at"] == "2026-11-02T09:00:00Z"
    assert case["acknowledgement"]["status"] == status
    assert case["acknowledgement"]["reason"] == (None if status == "sent" else "stale")


def test_process_names_a_file_that_is_not_there(gateway: Gateway, tmp_path: Path) -> None:
    done = gateway.command("process", str(tmp_path / "nowhere.eml"))
    assert done.returncode == 2
    assert "nowhere.eml" in one_sentence(done.stderr)
    assert not gateway.data.exists()


# poll


def test_a_dry_run_writes_nothing_anywhere(gateway: Gateway, referrer: str) -> None:
    arrived(gateway, referrer)
    flags = gateway.loop.dovecot.flags(gateway.user)
    done = gateway.command("poll", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "full" in done.stderr
    assert "acknowledged" in done.stderr
    assert not gateway.data.exists()
    assert gateway.loop.dovecot.flags(gateway.user) == flags
    assert gateway.loop.dovecot.folders(gateway.user) == ["INBOX"]
    assert gateway.command("poll").returncode == 0
    taken = [path.read_bytes() for path in sorted(gateway.data.rglob("*")) if path.is_file()]
    assert gateway.command("poll", "--dry-run").returncode == 0
    assert taken == [p.read_bytes() for p in sorted(gateway.data.rglob("*")) if p.is_file()]


def test_poll_says_try_again_while_a_worker_holds_the_mailbox(gateway: Gateway) -> None:
    with gateway.worker():
        done = gateway.command("poll")
    assert done.returncode == 75
    assert "another referral-intake process" in one_sentence(done.stderr)


def test_polls_at_once_make_one_case(gateway: Gateway, referrer: str) -> None:
    for _ in range(3):
        gateway.receive(referral(gateway, referrer), referrer)
    eventually(lambda: len(gateway.inbox()) == 3, "the messages have arrived")
    with ExitStack() as stack:
        polls = [stack.enter_context(gateway.started(words(gateway)))[0] for _ in range(4)]
        statuses = {poll.wait(60) for poll in polls}
    assert statuses <= {0, 75}
    gateway.deliver_everything()
    assert len(gateway.cases()) == 3
    assert len(gateway.mail_of(referrer)) == 3
    assert len(gateway.mail_of(gateway.triage)) == 3
    assert gateway.inbox() == []


def test_a_refused_log_in_is_one_sentence_and_try_again(gateway: Gateway) -> None:
    (gateway.config.parent / "password").write_text("wrong", encoding="utf-8")
    done = gateway.command("poll")
    assert done.returncode == 75
    assert "refused the log-in" in one_sentence(done.stderr)
    assert "wrong" not in done.stderr


def test_a_server_that_is_away_is_one_sentence_and_try_again(gateway: Gateway) -> None:
    with gateway.loop.dovecot.stopped():
        done = gateway.command("poll")
    assert done.returncode == 75
    assert "cannot be reached" in one_sentence(done.stderr)


def test_a_server_that_cannot_be_verified_hears_no_credential(
    gateway: Gateway, certificates: Certificates, referrer: str
) -> None:
    arrived(gateway, referrer)
    wrong = str(certificates.wrong_ca_file)
    done = gateway.command("poll", environment={"REFERRAL_INTAKE__MAILBOXES__0__CA_FILE": wrong})
    assert done.returncode == 75
    assert "certificate" in one_sentence(done.stderr)
    # The mail server's certificate is as wrong: the case is recorded, and everything stays owed.
    done = gateway.command("poll", environment={"REFERRAL_INTAKE__SMTP__CA_FILE": wrong})
    assert done.returncode == 75
    assert "tls-not-verified" in done.stderr
    (case,) = gateway.cases()
    assert case["acknowledgement"]["status"] == "pending"
    gateway.deliver_everything()
    assert len(gateway.mail_of(referrer)) == 1


def test_a_mail_server_that_is_away_costs_nothing_but_time(gateway: Gateway, referrer: str) -> None:
    arrived(gateway, referrer)
    with gateway.loop.stopped():
        done = gateway.command("poll")
        assert done.returncode == 75
        assert gateway.inbox() == []
        (case,) = gateway.cases()
        assert case["alerts"] == [{"channel": "triage-email", "status": "pending"}]
    eventually(lambda: gateway.command("poll").returncode == 0, "it can be sent", timeout=60)
    gateway.deliver_everything()
    assert (len(gateway.mail_of(referrer)), len(gateway.mail_of(gateway.triage))) == (1, 1)


def test_a_refused_receipt_needs_attention_and_holds_nothing_up(gateway: Gateway) -> None:
    arrived(gateway, "refused-sam@club.example.org")
    done = gateway.command("poll")
    assert done.returncode == 1
    (case,) = gateway.cases()
    assert case["acknowledgement"] == {"status": "failed", "reason": "550 5.1.1"}
    assert case["alerts"] == [{"channel": "triage-email", "status": "sent"}]
    assert gateway.command("doctor").returncode == 1


@pytest.mark.parametrize("limit", [0, 1, 8, 40])
def test_a_full_disk_loses_nothing(gateway: Gateway, referrer: str, limit: int) -> None:
    arrived(gateway, referrer)
    assert gateway.command("poll").returncode == 0
    arrived(gateway, referrer)
    # A file can't grow beyond so many bytes: what a full disk says, by another number.
    limited = f"ulimit -f {limit} && exec {shlex.join(words(gateway))}"
    done = subprocess.run(
        ["bash", "-c", limited], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 75, done.stderr
    assert "Traceback" not in done.stderr
    assert len(gateway.inbox()) == 1
    assert list(gateway.data.rglob("*.part")) == []
    gateway.deliver_everything()
    assert (len(gateway.cases()), len(gateway.mail_of(referrer))) == (2, 2)
    assert gateway.command("verify").returncode == 0


# reading, settings, records


def test_extract_prints_a_line_a_file_whatever_can_be_read(tmp_path: Path) -> None:
    for name, content in {
        "a.pdf": form.fillable(people.CHILD),
        "b.pdf": form.blank(),
        "c.txt": b"nothing",
        "d.pdf": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
    names = [str(tmp_path / name) for name in ("a.pdf", "b.pdf", "nowhere.pdf", "c.txt", "d.pdf")]
    done = subprocess.run(
        [sys.executable, "-m", "intake", "extract", "--json", *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "nowhere.pdf" in one_sentence(done.stderr)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [names[0], names[1], names[3], names[4]]
    assert [line["reason"] for line in lines] == [None, "blank-form", "unsupported-type", "damaged"]
    assert set(lines[0]) == {"file", "sha256", "media_type", "readability", "reason", "forms"}
    assert set(lines[0]["forms"][0]) == {"version", "pages", "fields", "unrecognised", "warnings"}


def test_the_settings_may_be_named_by_the_environment(gateway: Gateway) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "intake", "settings", "show"],
        cwd=ROOT,
        env={**os.environ, "REFERRAL_INTAKE_CONFIG": str(gateway.config)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert 'gateway.reference_prefix = "EX"' in done.stdout
    assert gateway.loop.password not in done.stdout


def test_wrong_settings_end_every_command_with_2_and_one_sentence(gateway: Gateway) -> None:
    gateway.config.write_text('[gateway]\nname = "only a name"\n', encoding="utf-8")
    for words in (("run",), ("poll",), ("cases", "list"), ("doctor",), ("settings", "check")):
        done = gateway.command(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "smtp: missing" in one_sentence(done.stderr)


def test_a_case_that_is_not_there_is_named(gateway: Gateway) -> None:
    done = gateway.command("cases", "show", "EX-2026-7KM4X-3")
    assert done.returncode == 2
    assert "EX-2026-7KM4X-3" in one_sentence(done.stderr)


def test_people_read_tables(gateway: Gateway, referrer: str) -> None:
    arrived(gateway, referrer)
    assert gateway.command("poll").returncode == 0
    reference = gateway.cases()[0]["reference"]
    for words in (("cases", "list"), ("cases", "show", reference), ("deliveries", "list")):
        shown = gateway.command(*words)
        assert shown.returncode == 0
        assert reference in shown.stdout
    assert "Tester" in gateway.command("cases", "show", reference).stdout


def test_doctor_finds_nothing_wrong_with_a_sound_gateway(gateway: Gateway) -> None:
    findings = gateway.records("doctor")
    assert {each["level"] for each in findings} == {"ok"}, findings
    assert {each["what"] for each in findings} >= {
        "settings",
        "clock",
        "disk",
        "parsers",
        "forms",
        "database",
        "mailbox gateway",
        "smtp",
        "deliveries",
    }
    (forms,) = (each["sentence"] for each in findings if each["what"] == "forms")
    unverified = "not held against a blank copy, so their wording is ours: bilingual, "
    assert unverified in forms
    assert "2018" not in forms
    assert gateway.mail_of(gateway.triage) == []


def test_doctor_names_each_fault_and_the_cure(gateway: Gateway) -> None:
    with gateway.loop.dovecot.stopped(), gateway.loop.stopped():
        findings = {each["what"]: each for each in gateway.records("doctor")}
        assert gateway.command("doctor").returncode == 1
    assert findings["mailbox gateway"]["level"] == "fault"
    assert findings["smtp"]["level"] == "fault"
    assert "check host" in findings["smtp"]["sentence"]


def test_doctor_wants_the_data_for_the_services_user_alone(gateway: Gateway, referrer: str) -> None:
    arrived(gateway, referrer)
    assert gateway.command("poll").returncode == 0
    assert (gateway.data.stat().st_mode & 0o777) == 0o700
    assert ((gateway.data / "intake.db").stat().st_mode & 0o777) == 0o600
    gateway.data.chmod(0o755)
    findings = {each["what"]: each for each in gateway.records("doctor")}
    assert findings["disk"]["level"] == "fault"
    assert "chmod 700" in findings["disk"]["sentence"]


def test_doctor_warns_where_no_sender_is_ever_verified(gateway: Gateway, tmp_path: Path) -> None:
    saved = []
    for number in range(10):
        saved.append(tmp_path / f"{number}.eml")
        saved[-1].write_bytes(messages.mail(sender=f"s{number}@club.example.org", to=gateway.user))
    assert gateway.command("process", *map(str, saved)).returncode == 0
    findings = {each["what"]: each for each in gateway.records("doctor")}
    assert findings["authentication"]["level"] == "warning"
    assert gateway.command("doctor").returncode == 0
