"""A signal that Python forgets is noticed all the same, and nothing stays installed."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress

import pytest

from bench.interrupts import Interrupts


@pytest.fixture(autouse=True)
def handlers():
    """The handlers that a command line has, put back afterwards."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, interrupt)
    yield interrupt
    for number, handler in before.items():
        signal.signal(number, handler)


class Forgetful:
    """Its finalizer is where the signal arrives; Python prints the interrupt and goes on."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.kill(os.getpid(), self.number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_a_finalizer_swallows_is_raised_by_the_next_look(number) -> None:
    with Interrupts() as interrupts:
        interrupts.check()
        Forgetful(number)  # gone at once, and the interrupt with it
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()


def test_an_interrupt_that_is_not_swallowed_is_raised_at_once(handlers) -> None:
    with Interrupts(), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is handlers


def test_what_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Interrupts() as interrupts:
        os.kill(os.getpid(), signal.SIGINT)
        interrupts.check()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_another_thread_may_train_too() -> None:
    ended = []

    def train() -> None:
        with suppress(KeyboardInterrupt), Interrupts() as interrupts:
            interrupts.check()
            ended.append(True)

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert ended == [True]
