"""What falls due as an iCalendar file (RFC 5545): an all-day event on the last day on which something can still be done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from mofan_rules.diagnostics import Language
from mofan_rules.sessions.forecast import Due
from mofan_rules.verdicts.catalogue import Catalogue
from mofan_rules.verdicts.messages import message

ONE_DAY = timedelta(days=1)


def calendar(dues: Iterable[Due], catalogue: Catalogue, names: dict[str, str], made: datetime, language: Language = "zh") -> bytes:
    """The file.

    Parameters
    ----------
    names: the names of organizations by their ids.
    made: when the forecast was made; calendars want to know.
    """
    from icalendar import Calendar, Event

    file = Calendar()
    file.add("prodid", "-//mofan_rules//due//ZH" if language == "zh" else "-//mofan_rules//due//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", catalogue.title.of(language))
    for due in dues:
        verdict = due.verdict
        entry = catalogue.entry(verdict.requirement, verdict.window_from)
        last = due.on - ONE_DAY
        event = Event()
        event.add("uid", _uid(due, catalogue.ruleset))
        event.add("dtstamp", made)
        event.add("dtstart", last)
        event.add("dtend", due.on)
        event.add("summary", f"{names.get(verdict.subject, verdict.subject)}：{entry.title.of(language)}")
        said = [message(verdict, entry, language)]
        said += [f"→ {message(due.becomes, entry, language)}"] if due.becomes is not None else []
        said += [entry.remedy.of(language)] if entry.remedy is not None else []
        event.add("description", "\n".join(said))
        event.add("categories", [verdict.requirement])
        event.add("transp", "TRANSPARENT")
        file.add_component(event)
    written: bytes = file.to_ical()
    return written


def _uid(due: Due, ruleset: str) -> str:
    """The same obligation has the same uid in each file, so that a calendar takes a later file for a change of the earlier one."""
    words = chr(0).join((ruleset, *map(str, due.identity)))
    return f"{sha256(words.encode()).hexdigest()[:32]}@mofan-rules"
