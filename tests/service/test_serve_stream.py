"""The stream of changes: nothing is lost in silence, and nobody holds up anybody else."""

import asyncio
from collections.abc import AsyncIterator

from mofan_rules.service.stream import KEPT, Stream, Told


async def some(found: AsyncIterator[Told], number: int) -> list[tuple[str, object]]:
    """The next events: what they are, and their number."""
    return [(one.event, one.data.get("n")) for one in [await asyncio.wait_for(anext(found), 5) for _ in range(number)]]


def test_listeners_hear_what_comes_from_then_on() -> None:
    async def run() -> None:
        stream = Stream()
        stream.add({"n": 1})
        one, other = stream.listen(None), stream.listen(None)
        assert await some(one, 1) == [("begin", None)]
        waiting = asyncio.ensure_future(anext(one))
        await asyncio.sleep(0)
        stream.add({"n": 2})
        assert (await waiting).data == {"n": 2}
        assert await some(other, 1) == [("begin", None)]
        stream.add({"n": 3})
        assert await some(one, 1) == await some(other, 1) == [("changes", 3)]
        assert stream.listeners == 2
        await one.aclose()  # type: ignore[attr-defined]
        assert stream.listeners == 1

    asyncio.run(run())


def test_who_comes_back_goes_on_where_they_were() -> None:
    async def run() -> None:
        stream = Stream()
        first = await anext(stream.listen(None))
        for number in range(3):
            stream.add({"n": number})
        again = stream.listen(first.id)
        assert await some(again, 2) == [("changes", 0), ("changes", 1)]
        last = await anext(again)
        stream.add({"n": 3})
        assert await some(stream.listen(last.id), 1) == [("changes", 3)]

    asyncio.run(run())


def test_what_is_no_longer_kept_is_told_as_lost() -> None:
    """Also to a listener who was too slow, and to one who comes from another stream or from nowhere; then it goes on."""

    async def run() -> None:
        stream = Stream()
        slow = stream.listen(None)
        begun = await anext(slow)
        for number in range(KEPT + 1):
            stream.add({"n": number})
        for found in (slow, stream.listen(begun.id), stream.listen("other-3"), stream.listen(f"{begun.id}0000"), stream.listen("-²")):
            assert await some(found, 1) == [("lost", None)]
            stream.add({"n": "next"})
            assert await some(found, 1) == [("changes", "next")]

    asyncio.run(run())


def test_a_stream_that_is_closed_ends() -> None:
    async def run() -> None:
        stream = Stream()
        found = stream.listen(None)
        await anext(found)
        waiting = asyncio.ensure_future(anext(found, None))
        await asyncio.sleep(0)
        stream.close()
        assert await asyncio.wait_for(waiting, 5) is None
        assert [one.event async for one in stream.listen(None)] == ["begin"]

    asyncio.run(run())
