"""What is to be written of a message: its cases, or those that it repeats, and everything owed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from intake.cases import compose, copies
from intake.cases.case import Case, Reading, open_cases, quarantined_case
from intake.cases.reference import new_reference
from intake.mail.model import Withheld
from intake.store.ledger import State
from intake.store.record import Opened, Plan, Prior
from parsers.model import Readability

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from intake.cases.compose import Owed, Stationery
    from intake.cases.copies import Earlier
    from intake.mail.model import InboundMessage, Verdict
    from intake.rules import Rules
    from intake.store.ledger import LedgerRow
    from intake.store.record import Recorder


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A message after reading, before anything is written: what it is, and what would be owed."""

    message: InboundMessage
    readings: Sequence[Reading]
    verdict: Verdict
    received_at: datetime


class Planner:
    """Composes everything for one message; reads what is known of it, and writes nothing."""

    def __init__(
        self,
        recorder: Recorder,
        stationery: Stationery,
        *,
        clock: Callable[[], datetime],
        rng: random.Random,
    ) -> None:
        self._recorder = recorder
        self._stationery = stationery
        self._clock = clock
        self._rng = rng

    def plan(self, row: LedgerRow, understood: Understood, rules: Rules) -> Plan:
        """For a message that was understood. Made anew when another recorded the same meanwhile."""
        message, verdict = understood.message, understood.verdict
        if verdict.machine is not None:
            return Plan(
                message=row.id,
                state=State.NOT_A_REFERRAL,
                reason=verdict.machine.value,
                message_id=message.message_id,
                content_digest=message.content_digest,
                file_to=rules.filed_folder,
                readings=understood.readings,
                withheld=verdict.withheld,
            )
        names = [
            name
            for reading in understood.readings
            for form in reading.extraction.forms
            for name in copies.names_of(reading, form)
        ]
        prior = self._recorder.prior(message.content_digest, message.message_id, names)
        cases = _cases(understood, prior, rules, self._stationery)
        earlier = (
            () if message.incomplete else copies.earlier_of_all(understood.readings, prior.forms)
        )
        if earlier and not prior.references:
            return self._copy(row, understood, rules, cases, earlier)
        opened = [self._name(case, rules, prior) for case in cases]
        owed = self._receipt(verdict, message, [(each.reference, each.case) for each in opened])
        attention = any(case.readability is Readability.NONE for case in cases)
        return Plan(
            message=row.id,
            state=State.RECORDED,
            reason=None,
            message_id=message.message_id,
            content_digest=message.content_digest,
            file_to=rules.attention_folder if attention else rules.filed_folder,
            readings=understood.readings,
            opened=() if prior.references else opened,
            acknowledgement=None if prior.references else owed,
            withheld=verdict.withheld or (Withheld.DUPLICATE if prior.references else None),
            held=rules.held,
            limit=None if verdict.reply_to in rules.exempt else rules.per_sender_per_day,
        )

    def _copy(
        self,
        row: LedgerRow,
        understood: Understood,
        rules: Rules,
        cases: Sequence[Case],
        earlier: Sequence[Earlier],
    ) -> Plan:
        """The plan for a message that brings only forms that we have."""
        message, verdict = understood.message, understood.verdict
        references = [each.reference for each in earlier]
        again = all(each.sender == message.sender for each in earlier)
        return Plan(
            message=row.id,
            state=State.RECORDED,
            reason=None,
            message_id=message.message_id,
            content_digest=message.content_digest,
            file_to=rules.filed_folder,
            readings=understood.readings,
            copy_of=references,
            copy_alerts=compose.further_copy_alerts(
                self._stationery,
                references,
                cases[0],
                new_id=lambda: uuid.uuid4().hex,
                now=self._clock(),
            ),
            acknowledgement=self._receipt(
                verdict, message, [(reference, cases[0]) for reference in references], again=again
            ),
            withheld=verdict.withheld,
            held=rules.held,
            limit=None if verdict.reply_to in rules.exempt else rules.per_sender_per_day,
        )

    def _receipt(
        self,
        verdict: Verdict,
        message: InboundMessage,
        cases: Sequence[tuple[str, Case]],
        *,
        again: bool = False,
    ) -> Owed | None:
        if verdict.withheld is not None or verdict.reply_to is None:
            return None
        return compose.acknowledgement(
            self._stationery,
            cases,
            compose.Reply(to=verdict.reply_to, message_id=message.message_id, again=again),
            delivery=uuid.uuid4().hex,
            now=self._clock(),
        )

    def quarantine(self, row: LedgerRow, rules: Rules) -> Plan:
        """For a message that could not be handled: a person has to open the original."""
        case = quarantined_case(received_at=row.received_at or self._clock())
        return Plan(
            message=row.id,
            state=State.QUARANTINED,
            reason="handling-failed",
            message_id=None,
            content_digest=None,
            file_to=rules.attention_folder,
            opened=[self._name(case, rules)],
            withheld=Withheld.NO_RETURN_ADDRESS,
            held=rules.held,
        )

    def _name(self, case: Case, rules: Rules, prior: Prior | None = None) -> Opened:
        now = self._clock()
        reference = new_reference(rules.reference_prefix, now.year, self._rng)
        alerts = compose.alerts(
            self._stationery, reference, case, new_id=lambda: uuid.uuid4().hex, now=now
        )
        known = {} if prior is None else prior.forms
        return Opened(
            reference=reference,
            case=case,
            alerts=alerts,
            new_names=[name for name in case.known_by if name not in known],
        )


def _cases(
    understood: Understood, prior: Prior, rules: Rules, stationery: Stationery
) -> list[Case]:
    cases = open_cases(
        understood.message,
        understood.readings,
        received_at=understood.received_at,
        authenticity=understood.verdict.authenticity,
        is_own=rules.is_own,
        fields=stationery.fields,
    )
    if not prior.message_id_reused:
        return cases
    return [
        replace(case, flags=tuple(sorted({*case.flags, "message_id_reused"}))) for case in cases
    ]
